// <log-list>: lines below one another, of which only those that are seen exist as elements. It follows at the end until
// somebody scrolls up. Fires `open` with the line whose details are wanted, and `scrolled` when other lines may go.

import { shortTime } from './clock.js';
import { icon, make } from './dom.js';
import { NAMES } from './level.js';
import { paint } from './paint.js';
import { GAP, PART } from './ring.js';
import { Rows } from './rows.js';
import { labelOf } from './sieve.js';

// So much of a line is shown in the list; its details have the rest.
const MOST_SHOWN = 2000;

// Rows beyond the edges, so that a quick hand does not see blanks.
const SPARE_ROWS = 8;

// As near to the end as that is at the end: browsers round.
const AT_END = 6;

// Characters beside a text, about: a guess at its lines that each row drawn corrects.
const BESIDE = 21;

// For those who don't see the colours.
const LETTERS = ['', 'D', 'I', 'W', 'E'];

let lists = 0;

export class LogList extends HTMLElement {
	#ring;
	#sieve;
	#view;
	#id = 'list' + lists++;

	// What is shown, and what is being made to take its place; null while nothing is. Of both, those that were looked for.
	#rows = new Rows();
	#fresh = null;
	#found = new Rows();
	#freshFound = null;

	#follows = true;
	#missed = 0;

	// The height, in that of the rows, at which the scroller begins.
	#origin = 0;

	#elements = new Map();
	#unused = [];
	#isDue = false;
	#current = -1;
	#columns = 80;
	#beside = BESIDE;
	#lineHeight = 20;

	// Of what stands above a text instead of beside it, where there is little room.
	#headHeight = 0;

	#box = make('div', { className: 'scroller', tabIndex: 0, role: 'grid', 'aria-readonly': 'true' });
	#sizer = make('div', { className: 'sizer', role: 'rowgroup' });
	#jump = make('button', { className: 'jump', type: 'button' });
	#empty = make('p', { className: 'empty' });
	#sizes = new ResizeObserver(() => this.restyle());

	// Who selects text wants it to stay.
	#onSelection = () => {
		const { isCollapsed, anchorNode } = getSelection();
		if (!isCollapsed && this.contains(anchorNode)) {
			this.#stop();
		}
	};

	// `shows` says whether lines of a source are shown here; `who` is how wide the column of its name is.
	attach({ ring, sieve, view, label, shows, who }) {
		this.#ring = ring;
		this.#sieve = sieve;
		this.#view = view;
		this.shows = shows;
		this.#box.setAttribute('aria-label', label);
		this.classList.toggle('has-who', who > 0);
		this.style.setProperty('--who', who + 'ch');
		this.#beside = BESIDE + who;
		return this;
	}

	connectedCallback() {
		const box = this.#box;
		box.append(this.#sizer);
		this.append(box, this.#empty, this.#jump);
		box.addEventListener('scroll', () => this.#scrolled());
		// Before the scroll itself: a flood would else carry away whoever begins to scroll.
		box.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && this.#stop(), { passive: true });
		box.addEventListener('keydown', (event) => this.#key(event));
		box.addEventListener('click', ({ target }) => this.#click(target.closest('.row')));
		this.#jump.addEventListener('click', () => {
			this.follow();
			box.focus();
		});
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
		this.#freshFound = new Rows();
	}

	add(line, isFound) {
		(this.#fresh ?? this.#rows).push(line, this.#heightOf(line));
		if (isFound) {
			(this.#freshFound ?? this.#found).push(line, 0);
		}
		if (this.#fresh === null && !this.#follows) {
			this.#missed++;
		}
	}

	ready() {
		if (this.#fresh !== null) {
			this.#relay(() => {
				this.#rows = this.#fresh;
				this.#found = this.#freshFound;
				this.#fresh = this.#freshFound = null;
				this.#origin = 0;
			});
		}
		this.draw();
	}

	dropBefore(line) {
		for (const rows of [this.#rows, this.#found, this.#fresh, this.#freshFound]) {
			rows?.dropBefore(line);
		}
	}

	dropFrom(line) {
		for (const rows of [this.#rows, this.#found, this.#fresh, this.#freshFound]) {
			rows?.dropFrom(line);
		}
		this.#recycle();
	}

	// ---- what others ask

	get count() {
		return this.#rows.count;
	}

	line(i) {
		return this.#rows.line(i);
	}

	get foundCount() {
		return this.#found.count;
	}

	// Which of those that were looked for the current line is, from 1 on; 0 where it is none.
	get foundPlace() {
		const i = this.#found.indexOf(this.#current);
		return i < this.#found.count && this.#found.line(i) === this.#current ? i + 1 : 0;
	}

	get follows() {
		return this.#follows;
	}

	// The first line that somebody reads: it has to stay in memory. Infinity while all may go.
	get keepsFrom() {
		return this.#follows || this.count === 0 ? Infinity : this.#firstSeen();
	}

	focus() {
		this.#box.focus();
	}

	// Goes to the end and stays there.
	follow() {
		this.#follows = true;
		this.#missed = 0;
		this.#current = -1;
		this.draw();
		this.#fire('scrolled');
	}

	// Goes to the next line that was looked for, or the one before.
	findNext(step) {
		const { count } = this.#found;
		if (count > 0) {
			const at = this.#current < 0 ? (step > 0 ? 0 : count) : this.#found.indexOf(this.#current);
			const next = step < 0 ? at - 1 : this.foundPlace > 0 ? at + 1 : at;
			this.#select(this.#found.line((next + count) % count));
		}
	}

	// Draws in the next frame.
	draw() {
		if (!this.#isDue) {
			this.#isDue = true;
			requestAnimationFrame(() => {
				this.#isDue = false;
				if (this.isConnected) {
					this.#draw();
				}
			});
		}
	}

	// The looks have changed: width, wrapping, time zone.
	restyle() {
		this.classList.toggle('wraps', this.#view.wraps);
		const style = getComputedStyle(this);
		this.#lineHeight = parseFloat(style.getPropertyValue('--row'));
		this.#headHeight = parseFloat(style.getPropertyValue('--head'));
		const probe = make('span', { className: 'probe', textContent: '0'.repeat(100) });
		this.append(probe);
		const character = probe.getBoundingClientRect().width / 100;
		probe.remove();
		const beside = this.#headHeight > 0 ? 2 : this.#beside;
		this.#columns = Math.max(8, Math.floor(this.#box.clientWidth / character - beside));
		this.#relay(() => this.#rows.layOut((line) => this.#heightOf(line)));
		this.draw();
	}

	#heightOf(line) {
		const length = this.#view.wraps ? Math.min(this.#ring.text(line).length, MOST_SHOWN) : 0;
		return this.#headHeight + this.#lineHeight * Math.max(1, Math.ceil(length / this.#columns));
	}

	#fire(name, detail) {
		this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
	}

	// ---- scrolling

	// Changes the rows, and shows the line again that was the first to be seen, or the current one where that was seen.
	#relay(change) {
		const isSeen = this.#elements.has(this.#current);
		const anchor = this.#follows ? -1 : this.#firstSeen();
		change();
		this.#recycle();
		this.#resize();
		if (anchor >= 0) {
			this.#box.scrollTop = this.#rows.top(this.#rows.indexOf(anchor)) - this.#origin;
			if (isSeen) {
				this.#reveal(this.#rows.indexOf(this.#current));
			}
		}
	}

	#scrolled() {
		const { scrollTop, scrollHeight, clientHeight } = this.#box;
		const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END;
		if (isAtEnd && !this.#follows) {
			this.follow();
		} else if (!isAtEnd) {
			this.#stop();
			this.#fire('scrolled');
		}
		this.draw();
	}

	#stop() {
		if (this.#follows && this.#box.scrollHeight > this.#box.clientHeight) {
			this.#follows = false;
			this.#missed = 0;
		}
	}

	#firstSeen() {
		return this.count === 0 ? -1 : this.#rows.line(this.#rows.indexAt(this.#origin + this.#box.scrollTop));
	}

	#resize() {
		if (this.#follows) {
			this.#origin = this.#rows.top(0);
		}
		this.#sizer.style.height = this.#rows.end - this.#origin + 'px';
	}

	// ---- drawing

	#draw() {
		const box = this.#box;
		const toEnd = () => {
			this.#resize();
			if (this.#follows) {
				box.scrollTop = box.scrollHeight;
			}
		};
		toEnd();
		// What was above is not in memory any more.
		const least = this.#rows.top(0) - this.#origin;
		if (box.scrollTop < least) {
			box.scrollTop = least;
		}
		this.#place();
		if (this.#view.wraps && this.#measure()) {
			toEnd();
			this.#place();
		}
		this.#tell();
	}

	// Has elements for the rows that are seen, and for no others.
	#place() {
		const rows = this.#rows;
		const y = this.#origin + this.#box.scrollTop;
		const from = Math.max(0, rows.indexAt(y) - SPARE_ROWS);
		const to = Math.min(rows.count, rows.indexAt(y + this.#box.clientHeight) + 1 + SPARE_ROWS);
		for (const [line, element] of this.#elements) {
			if (to === 0 || line < rows.line(from) || line > rows.line(to - 1)) {
				this.#elements.delete(line);
				this.#unused.push(element);
			}
		}
		// In the document, too, they stand in their order: it is that of a selection, and of a screen reader.
		let next = this.#sizer.firstChild;
		for (let i = from; i < to; i++) {
			const line = rows.line(i);
			let element = this.#elements.get(line);
			if (element === undefined) {
				element = this.#unused.shift() ?? makeRow();
				this.#fill(element, line);
				this.#elements.set(line, element);
			}
			if (element === next) {
				next = next.nextSibling;
			} else {
				this.#sizer.insertBefore(element, next);
			}
			const place = `translateY(${rows.top(i) - this.#origin}px)`;
			if (element.style.transform !== place) {
				element.style.transform = place;
				element.setAttribute('aria-rowindex', i + 1);
			}
		}
		for (const element of this.#unused) {
			element.remove();
		}
		// So many as may be needed again at once, and no more.
		this.#unused.length = Math.min(this.#unused.length, 100);
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

	#recycle() {
		this.#unused.push(...this.#elements.values());
		this.#elements.clear();
	}

	#fill(row, line) {
		const ring = this.#ring;
		const source = ring.source(line);
		const label = labelOf(ring.data(line));
		const level = ring.level(line);
		const kind = ring.kind(line);
		const [time, who, letter, text] = row.children;
		row.id = `${this.#id}-${line}`;
		row.className = `row level-${NAMES[level]}${kind === GAP ? ' gap' : kind === PART ? ' part' : ''}`;
		row.setAttribute('aria-selected', line === this.#current);
		time.textContent = shortTime(ring.time(line), this.#view.utc, Date.now());
		who.textContent = label === '' ? source.name : `${source.name} ${label}`;
		who.className = `who colour-${source.colour}`;
		letter.textContent = kind === GAP ? '' : LETTERS[level];
		if (kind === GAP) {
			text.textContent = `Gap: ${ring.text(line)}`;
		} else {
			paint(text, ring.text(line), MOST_SHOWN, this.#sieve.filter, this.#sieve.find);
		}
	}

	#tell() {
		this.#box.setAttribute('aria-rowcount', this.count);
		// Only what is in the document can be named.
		if (this.#elements.has(this.#current)) {
			this.#box.setAttribute('aria-activedescendant', `${this.#id}-${this.#current}`);
		} else {
			this.#box.removeAttribute('aria-activedescendant');
		}
		const missed = this.#missed;
		const news = missed === 0 ? 'To the end' : `${missed.toLocaleString('en')} new line${missed === 1 ? '' : 's'}`;
		this.#jump.hidden = this.#follows;
		if (this.#jump.textContent !== news) {
			this.#jump.replaceChildren(icon('i-down'), news);
		}
		this.#empty.textContent =
			this.count > 0 ? '' : this.#ring.count === 0 ? 'No lines yet.' : 'No line in memory passes the filter.';
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
		const page = Math.floor(this.#box.clientHeight / (this.#headHeight + this.#lineHeight)) - 1;
		const steps = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1, PageUp: -page, PageDown: page, Home: -Infinity, g: -Infinity };
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
			const last = this.#rows.indexAt(this.#origin + this.#box.scrollTop + this.#box.clientHeight - 1);
			const from = this.#current < 0 ? last - Math.sign(step) : this.#rows.indexOf(this.#current);
			this.#select(this.#rows.line(Math.min(count - 1, Math.max(0, from + step))));
		}
	}

	// Makes a line the current one, and has it seen.
	#select(line) {
		this.#elements.get(this.#current)?.setAttribute('aria-selected', 'false');
		this.#current = line;
		const i = this.#rows.indexOf(line);
		if (i < this.count - 1) {
			this.#stop();
		}
		this.#reveal(i);
		this.#elements.get(line)?.setAttribute('aria-selected', 'true');
		this.draw();
		this.#fire('scrolled');
	}

	#reveal(i) {
		const top = this.#rows.top(i) - this.#origin;
		const bottom = this.#rows.top(i + 1) - this.#origin;
		const { scrollTop, clientHeight } = this.#box;
		if (top < scrollTop) {
			this.#box.scrollTop = top;
		} else if (bottom > scrollTop + clientHeight) {
			this.#box.scrollTop = bottom - clientHeight;
		}
	}

	#open() {
		if (this.#current >= this.#ring.first) {
			this.#fire('open', this.#current);
		}
	}
}

function makeRow() {
	const cells = ['time', 'who', 'letter', 'text'].map((className) => make('span', { className, role: 'gridcell' }));
	return make('div', { role: 'row' }, ...cells);
}

customElements.define('log-list', LogList);
