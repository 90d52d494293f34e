// <log-list>: lines, of which only those that are seen exist as elements. It follows at the end until somebody scrolls up.
// Fires `open` with the line whose details are wanted, and `scrolled` when other lines may go.

import { shortTime } from './clock.js';
import { button, fire, make } from './dom.js';
import { NAMES } from './level.js';
import { paint } from './paint.js';
import { Rows } from './rows.js';
import { labelOf } from './sieve.js';

const MOST_SHOWN = 2000;

const SPARE_ROWS = 8;

// As near as that is there: browsers round.
const NEAR = 6;

// Characters beside a text, about: a guess at its lines that each row drawn corrects.
const BESIDE = 21;

const LETTERS = ['', 'D', 'I', 'W', 'E'];

let lists = 0;

export class LogList extends HTMLElement {
	#ring;
	#sieve;
	#view;
	#sources;
	#id = 'list' + lists++;

	// What is shown, and what is being made to take its place; null while nothing is.
	#rows = new Rows();
	#fresh = null;

	// False while lines are missing that come again: until then what was drawn stays.
	#isWhole = true;

	#follows = true;
	#missed = 0;

	// The height, in that of the rows, at which the scroller begins; and where we took it last.
	#origin = 0;
	#taken = 0;

	// The line that is looked at, and where it stands in the scroller; null where there is none.
	#anchor = null;

	#elements = new Map();
	#isDue = false;

	// The line that keys go on from; null for none.
	#current = null;
	#columns = 80;
	#beside = BESIDE;
	#lineHeight = 20;
	#height = 0;

	// Of what stands above a text, where there is little room beside it.
	#headHeight = 0;

	#box = make('div', { className: 'scroller', tabIndex: 0, role: 'grid', ariaReadOnly: 'true' });
	#sizer = make('div', { className: 'sizer', role: 'rowgroup' });
	#jump = button('', () => (this.follow(), this.focus()), { className: 'jump' });
	#empty = make('p', { className: 'empty' });
	#sizes = new ResizeObserver(() => this.restyle());

	// Who selects text wants it to stay.
	#onSelection = () => {
		const { isCollapsed, anchorNode } = getSelection();
		if (!isCollapsed && this.contains(anchorNode)) {
			this.#stop();
		}
	};

	// `sources` are those whose lines are shown here; `who` is how wide the column of their names is.
	attach({ ring, sieve, view, label, sources, who }) {
		this.#ring = ring;
		this.#sieve = sieve;
		this.#view = view;
		this.#sources = sources;
		this.#box.ariaLabel = label;
		this.classList.toggle('has-who', who > 0);
		this.style.setProperty('--who', who + 'ch');
		this.#beside = BESIDE + who;
		return this;
	}

	// Goes on where another list was read that gives way to this one.
	resume(other) {
		if (other !== undefined) {
			const { line, top } = other.#anchor;
			this.#follows = false;
			this.#current = this.#ring.has(other.#current) ? other.#current : null;
			this.#anchor = { line, top: top - other.#box.scrollTop };
		}
	}

	connectedCallback() {
		const box = this.#box;
		box.append(this.#sizer);
		this.append(box, this.#empty, this.#jump);
		box.addEventListener('scroll', () => this.#scrolled());
		// Before the scroll itself: a flood would else carry away whoever begins to scroll.
		box.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && box.scrollTop > 0 && this.#stop(), { passive: true });
		box.addEventListener('keydown', (event) => this.#key(event));
		box.addEventListener('click', ({ target }) => this.#click(target.closest('.row')));
		document.addEventListener('selectionchange', this.#onSelection);
		this.#sizes.observe(box);
	}

	disconnectedCallback() {
		document.removeEventListener('selectionchange', this.#onSelection);
		this.#sizes.disconnect();
	}

	// ---- what is to be shown; called by the sieve

	begin() {
		this.#fresh = new Rows();
		this.#isWhole = false;
	}

	add(line) {
		(this.#fresh ?? this.#rows).push(line, this.#heightOf(line));
		if (this.#fresh === null && !this.#follows) {
			this.#missed++;
		}
	}

	ready() {
		if (!this.#isWhole) {
			this.#isWhole = true;
			if (this.#fresh !== null) {
				this.#rows = this.#fresh;
				this.#fresh = null;
				this.#origin = 0;
			}
			this.#relay();
		}
		this.draw();
	}

	dropBefore(line) {
		this.#rows.dropBefore(line);
		this.#fresh?.dropBefore(line);
	}

	// Others come between these, with which they come again.
	dropFrom(line) {
		this.#isWhole = false;
		const { count } = this;
		this.#rows.dropFrom(line);
		if (this.#fresh === null && !this.#follows) {
			this.#missed -= count - this.count;
		}
		this.#fresh?.dropFrom(line);
	}

	// ---- what others ask

	shows(source) {
		return this.#sources.includes(source);
	}

	get count() {
		return this.#rows.count;
	}

	line(i) {
		return this.#rows.line(i);
	}

	get isRead() {
		return !this.#follows && this.#anchor !== null;
	}

	// The first line that somebody reads: it has to stay in memory. Infinity while all may go.
	get keepsFrom() {
		return this.isRead ? this.#rows.line(this.#indexAt(0)) : Infinity;
	}

	focus() {
		this.#box.focus();
	}

	follow() {
		this.#follows = true;
		this.#missed = 0;
		this.#current = null;
		this.draw();
		fire(this, 'scrolled');
	}

	// Goes to the next line that is looked for, or the one before; from the current one on, and around.
	findNext(step) {
		const { count } = this;
		const from = Math.max(this.#at, step > 0 ? -1 : 0);
		for (let k = 1; k <= count; k++) {
			const line = this.line((from + step * k + 2 * count) % count);
			if (this.#sieve.isFound(line)) {
				this.#select(line);
				return;
			}
		}
	}

	draw() {
		if (!this.#isDue) {
			this.#isDue = true;
			requestAnimationFrame(() => {
				this.#isDue = false;
				if (this.isConnected && this.#isWhole) {
					this.#draw();
				}
			});
		}
	}

	restyle() {
		this.classList.toggle('wraps', this.#view.wrap);
		const style = getComputedStyle(this);
		this.#lineHeight = parseFloat(style.getPropertyValue('--row'));
		this.#headHeight = parseFloat(style.getPropertyValue('--head'));
		const probe = make('span', { className: 'probe', textContent: '0'.repeat(100) });
		this.append(probe);
		const character = probe.getBoundingClientRect().width / 100;
		probe.remove();
		const beside = this.#headHeight > 0 ? 2 : this.#beside;
		this.#columns = Math.max(8, Math.floor(this.#box.clientWidth / character - beside));
		for (const rows of [this.#rows, this.#fresh]) {
			rows?.layOut((line) => this.#heightOf(line));
		}
		this.#height = this.#box.clientHeight;
		if (this.#isWhole) {
			this.#relay();
			this.draw();
		}
	}

	#heightOf(line) {
		const length = this.#view.wrap ? Math.min(this.#ring.at(line).text.length, MOST_SHOWN) : 0;
		return this.#headHeight + this.#lineHeight * Math.max(1, Math.ceil(length / this.#columns));
	}

	// ---- scrolling

	// Draws all anew; until others take their places the old elements stay to be seen.
	#relay() {
		const isSeen = this.isRead && this.#anchor.line === this.#current;
		this.#elements.clear();
		this.#hold();
		if (isSeen) {
			this.#reveal(this.#at);
		}
		this.#taken = this.#box.scrollTop;
	}

	// Leaves what is looked at where it is on the screen, though rows came or went above it.
	#hold() {
		const { scrollTop } = this.#box;
		const anchor = this.#anchor;
		const shift = this.isRead ? this.#top(this.#rows.indexOf(anchor.line.number)) - anchor.top : 0;
		this.#resize();
		// Written though it is the same, it would stop who is scrolling.
		if (shift !== 0) {
			anchor.top += shift;
			this.#box.scrollTop = scrollTop + shift;
		}
	}

	// Remembers what is looked at: the current line where it is seen, else the first that is.
	#keep() {
		// In a box of another height it is about to be held.
		if (this.#isWhole && this.#box.clientHeight === this.#height) {
			const first = this.#indexAt(0);
			const at = this.#at >= first && this.#at <= this.#indexAt(this.#height) ? this.#at : first;
			const line = this.count > 0 ? this.#ring.at(this.line(at)) : null;
			this.#anchor = line && { line, top: this.#top(at) };
		}
	}

	// Where the current line is; -1 where there is none.
	get #at() {
		return this.#current === null ? -1 : this.#rows.indexOf(this.#current.number);
	}

	// Only upwards is it the reader who scrolls away from the end: of rows and boxes that grow we hear as well, and later. Nor
	// does he follow who has chosen a line with which we came to the end.
	#scrolled() {
		const { scrollTop, scrollHeight, clientHeight } = this.#box;
		if (scrollHeight - scrollTop - clientHeight < NEAR) {
			if (!this.#follows && (this.#current === null || scrollTop !== this.#taken)) {
				this.follow();
			}
		} else if (!this.#follows || scrollTop < this.#taken - NEAR) {
			this.#stop();
			this.#taken = NaN;
			fire(this, 'scrolled');
		}
		this.#keep();
		this.draw();
	}

	#stop() {
		if (this.#follows) {
			this.#follows = false;
			this.#missed = 0;
		}
	}

	// Where a row begins in the scroller, and which one is so far below its upper edge.
	#top(i) {
		return this.#rows.top(i) - this.#origin;
	}

	#indexAt(y) {
		return this.#rows.indexAt(this.#origin + this.#box.scrollTop + y);
	}

	#resize() {
		if (this.#follows) {
			this.#origin = this.#rows.top(0);
		}
		this.#sizer.style.height = this.#rows.end - this.#origin + 'px';
		if (this.#follows) {
			this.#box.scrollTop = this.#box.scrollHeight;
			this.#taken = this.#box.scrollTop;
		}
	}

	// ---- drawing

	#draw() {
		this.#resize();
		// What was above is not in memory any more.
		const least = this.#top(0);
		if (this.#box.scrollTop < least) {
			this.#box.scrollTop = least;
		}
		this.#place();
		if (this.#view.wrap && this.#measure()) {
			this.#hold();
			this.#place();
		}
		this.#keep();
		this.#tell();
	}

	#place() {
		const rows = this.#rows;
		const y = this.#origin + this.#box.scrollTop;
		const from = Math.max(0, rows.indexAt(y) - SPARE_ROWS);
		const to = Math.min(rows.count, rows.indexAt(y + this.#box.clientHeight) + 1 + SPARE_ROWS);
		for (const [line, element] of this.#elements) {
			if (to === 0 || line < rows.line(from) || line > rows.line(to - 1)) {
				this.#elements.delete(line);
				element.remove();
			}
		}
		// In the document, too, they stand in their order: it is that of a selection, and of a screen reader.
		let next = this.#sizer.firstChild;
		for (let i = from; i < to; i++) {
			const line = rows.line(i);
			let element = this.#elements.get(line);
			if (element === undefined) {
				element = this.#row(line);
				this.#elements.set(line, element);
			}
			if (element === next) {
				next = next.nextSibling;
			} else {
				this.#sizer.insertBefore(element, next);
			}
			element.ariaSelected = line === this.#current?.number;
			const place = `translateY(${this.#top(i)}px)`;
			if (element.style.transform !== place) {
				element.style.transform = place;
				element.ariaRowIndex = i + 1;
			}
		}
		while (next !== null) {
			const old = next;
			next = next.nextSibling;
			old.remove();
		}
	}

	// Corrects the heights of what is drawn; whether one was wrong.
	#measure() {
		let isWrong = false;
		for (const [line, { offsetHeight }] of this.#elements) {
			const i = this.#rows.indexOf(line);
			if (offsetHeight !== this.#rows.top(i + 1) - this.#rows.top(i)) {
				this.#rows.correct(i, offsetHeight);
				isWrong = true;
			}
		}
		return isWrong;
	}

	#row(number) {
		const { source, kind, text, time, level, data } = this.#ring.at(number);
		const isGap = kind === 'gap';
		const cells = {
			time: shortTime(time, this.#view.utc, Date.now()),
			[`who colour-${source.colour}`]: `${source.name} ${labelOf(data)}`,
			letter: isGap ? '' : LETTERS[level],
			text: '',
		};
		const role = 'gridcell';
		const made = Object.entries(cells).map(([className, textContent]) => make('span', { className, textContent, role }));
		paint(made[3], isGap ? `Gap: ${text}` : text, MOST_SHOWN, { found: this.#sieve.find, chosen: this.#sieve.filter });
		return make(
			'div',
			{
				id: `${this.#id}-${number}`,
				className: `row level-${NAMES[level]} ${kind}`,
				role: 'row',
			},
			...made,
		);
	}

	#tell() {
		this.#box.ariaRowCount = this.count;
		// Only what is in the document can be named.
		const current = this.#current?.number;
		this.#box.setAttribute('aria-activedescendant', this.#elements.has(current) ? `${this.#id}-${current}` : '');
		const missed = this.#missed;
		this.#jump.hidden = this.#follows;
		this.#jump.textContent = missed < 1 ? 'To the end' : `${missed.toLocaleString('en')} new line${missed === 1 ? '' : 's'}`;
		const hasCome = this.#sources.some(({ time }) => time > 0);
		this.#empty.textContent = this.count > 0 ? '' : hasCome ? 'No line in memory passes the filter.' : 'No lines yet.';
	}

	// ---- the current line

	#click(row) {
		// A selection is to be copied, not to be answered.
		if (row !== null && getSelection().isCollapsed) {
			this.#select(Number(row.id.split('-')[1]));
			this.#open();
		}
	}

	#key(event) {
		const steps = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1, Home: -Infinity, g: -Infinity };
		if (event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		if (event.key in steps) {
			this.#move(steps[event.key]);
		} else if (event.key === 'End') {
			this.follow();
		} else if (event.key === 'Enter') {
			this.#open();
		} else {
			return;
		}
		event.preventDefault();
	}

	#move(step) {
		const { count } = this;
		if (count > 0) {
			// Where none is the current one, from the last that is seen.
			const from = this.#at < 0 ? this.#indexAt(this.#box.clientHeight) : this.#at;
			this.#select(this.#rows.line(Math.min(count - 1, Math.max(0, from + step))));
		}
	}

	#select(line) {
		line = Math.max(line, this.#ring.first);
		this.#current = this.#ring.at(line);
		const i = this.#rows.indexOf(line);
		if (i < this.count - 1) {
			this.#stop();
		}
		this.#reveal(i);
		this.#keep();
		this.draw();
		fire(this, 'scrolled');
	}

	#reveal(i) {
		const top = this.#top(i);
		const bottom = this.#top(i + 1);
		const { scrollTop, clientHeight } = this.#box;
		this.#box.scrollTop = Math.min(top, Math.max(scrollTop, bottom - clientHeight));
	}

	#open() {
		if (this.#current !== null) {
			fire(this, 'open', this.#current);
		}
	}
}

customElements.define('log-list', LogList);
