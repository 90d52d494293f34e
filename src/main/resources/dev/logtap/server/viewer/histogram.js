// <log-histogram>: how many lines there were over time, by level; a span of it can be picked, by pointer or by keys. Fires
// `pick` with {from, to}, or null for all of time.

import { axisTime, longTime } from './clock.js';
import { make } from './dom.js';
import { DEBUG, ERROR, INFO, NAMES, NONE, WARN } from './level.js';

// Bars are as long as one of these, in seconds, so wide at least, in pixels, and so many at least.
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];
const BAR = 7;
const FEWEST = 30;

// All but such a share of the lines are in it: an old line is no reason to draw a year.
const LEFT_OUT = 0.08;

// A look at all lines in memory takes a millisecond or two; so often is enough.
const DRAW_AFTER = 250;

// Upwards.
const ORDER = [ERROR, WARN, INFO, DEBUG, NONE];

export class LogHistogram extends HTMLElement {
	#ring;
	#sieve;
	#view;
	#canvas = make('canvas', { 'aria-hidden': 'true' });
	#axis = make('div', { className: 'axis', 'aria-hidden': 'true' });
	#tip = make('div', { className: 'tip', hidden: true, 'aria-hidden': 'true' });
	#plot = make(
		'div',
		{ className: 'plot', tabIndex: 0, role: 'slider', 'aria-label': 'Lines over time', 'aria-describedby': 'histogram-help' },
		this.#canvas,
		this.#tip,
	);
	#timer = 0;
	#from = 0;
	#step = 1000;
	#bars = 0;
	#counts = [];

	// The bar that is pointed at; and that from which on a span is being picked, null while none is.
	#hand = -1;
	#grip = null;

	attach(ring, sieve, view) {
		this.#ring = ring;
		this.#sieve = sieve;
		this.#view = view;
	}

	connectedCallback() {
		const plot = this.#plot;
		this.append(plot, this.#axis);
		this.#say();
		new ResizeObserver(() => this.redraw()).observe(plot);
		plot.addEventListener('pointerdown', (event) => {
			if (event.button === 0 && this.#bars > 0) {
				plot.setPointerCapture(event.pointerId);
				this.#grip = this.#barAt(event);
				this.#point(this.#grip);
			}
		});
		plot.addEventListener('pointermove', (event) => this.#bars > 0 && this.#point(this.#barAt(event)));
		plot.addEventListener('pointerup', () => this.#grip !== null && this.#pick());
		plot.addEventListener('pointerleave', () => this.#point(-1));
		plot.addEventListener('blur', () => {
			this.#grip = null;
			this.#point(-1);
		});
		plot.addEventListener('keydown', (event) => this.#key(event));
	}

	// There are other lines than before: draws in a while.
	draw() {
		this.#timer ||= setTimeout(() => this.redraw(), DRAW_AFTER);
	}

	redraw() {
		clearTimeout(this.#timer);
		this.#timer = 0;
		this.#count();
		this.#paint();
	}

	// ---- counting

	#count() {
		const ring = this.#ring;
		const lines = [];
		let oldest = this.#view.from ?? Infinity;
		let newest = -Infinity;
		for (let line = ring.first; line < ring.next; line++) {
			if (this.#sieve.passes(line)) {
				lines.push(line);
				oldest = Math.min(oldest, ring.time(line));
				newest = Math.max(newest, ring.time(line));
			}
		}
		this.#bars = 0;
		if (lines.length === 0) {
			return;
		}
		const most = Math.max(FEWEST, Math.floor(this.#plot.clientWidth / BAR));
		this.#step = this.#stepFor(lines, newest, most);
		const to = Math.floor(newest / this.#step) + 1;
		this.#bars = Math.min(most, Math.max(to - Math.floor(oldest / this.#step), FEWEST));
		const from = to - this.#bars;
		this.#from = from * this.#step;
		this.#counts = new Uint32Array(this.#bars * NAMES.length);
		for (const line of lines) {
			const bar = Math.floor(ring.time(line) / this.#step) - from;
			if (bar >= 0) {
				this.#counts[bar * NAMES.length + ring.level(line)]++;
			}
		}
	}

	// The shortest bars with which nearly all lines, and the span that was picked, are seen.
	#stepFor(lines, newest, most) {
		const older = STEPS.map(() => 0);
		for (const line of lines) {
			const age = newest - this.#ring.time(line);
			for (let i = 0; i < STEPS.length && age > STEPS[i] * 1000 * (most - 1); i++) {
				older[i]++;
			}
		}
		const from = this.#view.from ?? newest;
		const fits = STEPS.findIndex((step, i) => newest - from < step * 1000 * (most - 1) && older[i] <= LEFT_OUT * lines.length);
		return STEPS.at(fits) * 1000;
	}

	#countOf(bar, level) {
		return this.#counts[bar * NAMES.length + level];
	}

	// ---- drawing

	#paint() {
		const { clientWidth: width, clientHeight: height } = this.#plot;
		const scale = devicePixelRatio;
		this.#canvas.width = width * scale;
		this.#canvas.height = height * scale;
		const context = this.#canvas.getContext('2d');
		context.scale(scale, scale);
		this.#axis.replaceChildren();
		this.#say();
		if (this.#bars === 0) {
			return;
		}
		const bar = width / this.#bars;
		this.#paintSpan(context, bar, height);
		const bars = Array.from({ length: this.#bars }, (_, i) => ORDER.map((level) => this.#countOf(i, level)));
		const most = Math.max(...bars.map((counts) => counts.reduce((a, b) => a + b)));
		const colours = ORDER.map((level) => this.#colour('bar-' + NAMES[level]));
		bars.forEach((counts, i) => {
			let y = height;
			counts.forEach((count, k) => {
				if (count > 0) {
					// One error among a thousand lines is to be seen as well.
					const size = Math.max(ORDER[k] >= WARN ? 2 : 1, (count / most) * (height - 3));
					context.fillStyle = colours[k];
					context.fillRect(i * bar, y -= size, Math.max(1, bar - 1), size);
				}
			});
		});
		const span = this.#bars * this.#step;
		const labels = Math.max(2, Math.floor(width / 140));
		for (let i = 0; i <= labels; i++) {
			this.#axis.append(make('span', { textContent: axisTime(this.#from + (span * i) / labels, this.#view.utc, span) }));
		}
	}

	#paintSpan(context, bar, height) {
		const [from, to] = this.#grip === null ? [this.#view.from, this.#view.to] : this.#picked();
		if (from !== null) {
			context.fillStyle = this.#colour('span');
			context.fillRect(((from - this.#from) / this.#step) * bar, 0, Math.max(2, ((to - from) / this.#step) * bar), height);
		}
	}

	// What the style sheet says, as the canvas understands it: a colour that depends on the theme has to be asked for.
	#colour(name) {
		this.#canvas.style.color = `var(--${name})`;
		return getComputedStyle(this.#canvas).color;
	}

	// Says what the bar is that is pointed at.
	#say() {
		const bar = this.#hand;
		const isThere = bar >= 0 && bar < this.#bars;
		this.#tip.hidden = !isThere;
		let text = `${this.#bars} bars`;
		if (isThere) {
			const counts = ORDER.filter((level) => this.#countOf(bar, level) > 0).map((level) => `${this.#countOf(bar, level)} ${NAMES[level]}`);
			text = `${longTime(this.#from + bar * this.#step, this.#view.utc).slice(0, 19)} · ${counts.join(', ') || 'no lines'}`;
			const share = (100 * (bar + 0.5)) / this.#bars;
			this.#tip.textContent = text;
			this.#tip.style.left = share + '%';
			this.#tip.style.translate = -share + '%';
		}
		const values = { min: 0, max: Math.max(0, this.#bars - 1), now: isThere ? bar : 0, text };
		for (const [name, value] of Object.entries(values)) {
			this.#plot.setAttribute('aria-value' + name, value);
		}
	}

	// ---- picking

	#barAt({ clientX }) {
		const { left, width } = this.#plot.getBoundingClientRect();
		return Math.min(this.#bars - 1, Math.max(0, Math.floor(((clientX - left) / width) * this.#bars)));
	}

	#point(bar) {
		this.#hand = bar;
		if (this.#grip === null) {
			this.#say();
		} else {
			this.#paint();
		}
	}

	#picked() {
		const [from, to] = [this.#grip, this.#hand].sort((a, b) => a - b);
		return [this.#from + from * this.#step, this.#from + (to + 1) * this.#step - 1];
	}

	#pick() {
		const [from, to] = this.#picked();
		this.#grip = null;
		this.dispatchEvent(new CustomEvent('pick', { detail: { from, to } }));
	}

	#key(event) {
		const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity, PageUp: 10, PageDown: -10 };
		const last = this.#bars - 1;
		if (event.key in steps && last >= 0) {
			const at = this.#hand < 0 ? last : this.#hand;
			this.#grip = event.shiftKey ? (this.#grip ?? at) : null;
			this.#hand = Math.min(last, Math.max(0, at + steps[event.key]));
			this.#paint();
		} else if (event.key === 'Enter' && this.#hand >= 0) {
			this.#grip ??= this.#hand;
			this.#pick();
		} else if (event.key === 'Escape') {
			this.#grip = null;
			this.dispatchEvent(new CustomEvent('pick', { detail: null }));
		} else {
			return;
		}
		event.preventDefault();
		event.stopPropagation();
	}
}

customElements.define('log-histogram', LogHistogram);
