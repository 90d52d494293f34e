// <log-histogram>: how many lines there were over time, by level; a span of it can be picked, by pointer or by keys. Fires
// `pick` with {from, to}, or null for all of time.

import { axisTime, fullTime } from './clock.js';
import { fire, make } from './dom.js';
import { LEVELS, NAMES, WARN } from './level.js';

// Bars are as many seconds long as a power of two, so wide at least, in pixels, and so many at least.
const BAR = 7;
const FEWEST = 30;

// All but such a share of the lines are in it, and of those ahead of our clock: a stray one is no reason to draw a year.
const LEFT_OUT = 0.08;

// A look at all lines in memory takes a millisecond or two; so often is enough.
const DRAW_AFTER = 250;

export class LogHistogram extends HTMLElement {
	#ring;
	#view;
	#canvas = make('canvas', { ariaHidden: 'true' });
	#axis = make('div', { className: 'axis', ariaHidden: 'true' });
	#tip = make('div', { className: 'tip', hidden: true, ariaHidden: 'true' });
	#plot = make(
		'div',
		{ className: 'plot', tabIndex: 0, role: 'slider', ariaLabel: 'Lines over time' },
		this.#canvas,
		this.#tip,
	);
	#timer = 0;
	#from = 0;
	#step = 1000;

	#bars = [];

	// The bar that is pointed at, -1 for none; and that from which on a span is being picked, null while none is.
	#hand = -1;
	#grip = null;

	attach(ring, view) {
		this.#ring = ring;
		this.#view = view;
	}

	connectedCallback() {
		const plot = this.#plot;
		this.append(plot, this.#axis);
		plot.setAttribute('aria-describedby', 'histogram-help');
		this.#say();
		new ResizeObserver(() => this.redraw()).observe(plot);
		plot.addEventListener('pointerdown', (event) => {
			if (event.button === 0 && this.#bars.length > 0) {
				plot.setPointerCapture(event.pointerId);
				this.#hand = this.#grip = this.#barAt(event);
				this.#paint();
			}
		});
		plot.addEventListener('pointermove', (event) => this.#point(this.#barAt(event)));
		plot.addEventListener('pointerup', () => this.#grip !== null && this.#pick());
		plot.addEventListener('pointerleave', () => this.#point(-1));
		plot.addEventListener('blur', () => {
			this.#grip = null;
			this.#point(-1);
		});
		plot.addEventListener('keydown', (event) => this.#key(event));
	}

	draw() {
		this.#timer ||= setTimeout(() => this.redraw(), DRAW_AFTER);
	}

	redraw() {
		clearTimeout(this.#timer);
		this.#timer = 0;
		// Under the hand that picks a span, bars stay where they are.
		if (this.#grip === null) {
			this.#count();
		}
		this.#paint();
	}

	#count() {
		const lines = this.#ring.filter((line) => line.isWanted);
		this.#bars = [];
		if (lines.length === 0) {
			return;
		}
		const times = Float64Array.from(lines, ({ time }) => time).sort();
		const at = (share) => times[Math.floor(share * (times.length - 1))];
		const newest = Math.min(at(1), Math.max(at(1 - LEFT_OUT), Date.now()));
		const oldest = Math.min(this.#view.from ?? newest, at(LEFT_OUT));
		const most = Math.max(FEWEST, Math.floor(this.#plot.clientWidth / BAR));
		this.#step = 1000 * 2 ** Math.max(0, Math.ceil(Math.log2((newest - oldest + 1) / 1000 / (most - 1))));
		const to = Math.floor(newest / this.#step) + 1;
		const count = Math.min(most, Math.max(to - Math.floor(Math.min(oldest, times[0]) / this.#step), FEWEST));
		this.#from = (to - count) * this.#step;
		this.#bars = Array.from({ length: count }, () => NAMES.map(() => 0));
		for (const { time, level } of lines) {
			const bar = this.#bars[Math.floor((time - this.#from) / this.#step)];
			if (bar !== undefined) {
				bar[level]++;
			}
		}
	}

	#paint() {
		const { clientWidth: width, clientHeight: height } = this.#plot;
		this.#canvas.width = width * devicePixelRatio;
		this.#canvas.height = height * devicePixelRatio;
		const context = this.#canvas.getContext('2d');
		context.scale(devicePixelRatio, devicePixelRatio);
		const fill = (colour, ...box) => {
			context.fillStyle = colour;
			context.fillRect(...box);
		};
		const bar = width / this.#bars.length;
		const [from, to] = this.#grip === null ? [this.#view.from, this.#view.to] : this.#picked();
		if (from !== null) {
			const share = bar / this.#step;
			fill(this.#colour('span'), (from - this.#from) * share, 0, Math.max(2, (to - from) * share), height);
		}
		const most = Math.max(...this.#bars.map((counts) => counts.reduce((a, b) => a + b)));
		const colours = LEVELS.map((level) => this.#colour('bar-' + NAMES[level]));
		this.#bars.forEach((counts, i) => {
			let y = height;
			LEVELS.forEach((level, k) => {
				if (counts[level] > 0) {
					// One error among a thousand lines is to be seen as well.
					const size = Math.max(level >= WARN ? 2 : 1, (counts[level] / most) * (height - 3));
					fill(colours[k], i * bar, (y -= size), Math.max(1, bar - 1), size);
				}
			});
		});
		const span = this.#bars.length * this.#step;
		const parts = span === 0 ? -1 : Math.max(2, Math.floor(width / 140));
		const labels = Array.from({ length: parts + 1 }, (_, i) => axisTime(this.#from + (span * i) / parts, this.#view.utc, span));
		this.#axis.replaceChildren(...labels.map((textContent) => make('span', { textContent })));
		this.#say();
	}

	// What the style sheet says, as the canvas understands it: a colour that depends on the theme has to be asked for.
	#colour(name) {
		this.#canvas.style.color = `var(--${name})`;
		return getComputedStyle(this.#canvas).color;
	}

	#say() {
		const counts = this.#bars[this.#hand];
		let text = `${this.#bars.length} bars`;
		this.#tip.hidden = counts === undefined;
		if (counts !== undefined) {
			const parts = LEVELS.filter((level) => counts[level] > 0).map((level) => `${counts[level]} ${NAMES[level]}`);
			text = `${fullTime(this.#from + this.#hand * this.#step, this.#view.utc)} · ${parts.join(', ') || 'no lines'}`;
			const share = (100 * (this.#hand + 0.5)) / this.#bars.length;
			this.#tip.textContent = text;
			this.#tip.style.left = share + '%';
			this.#tip.style.translate = -share + '%';
		}
		const ariaValueMax = Math.max(0, this.#bars.length - 1);
		const ariaValueNow = Math.max(0, this.#hand);
		Object.assign(this.#plot, { ariaValueMin: 0, ariaValueMax, ariaValueNow, ariaValueText: text });
	}

	#barAt({ clientX }) {
		const { left, width } = this.#plot.getBoundingClientRect();
		return Math.min(this.#bars.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * this.#bars.length)));
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
		fire(this, 'pick', { from, to });
	}

	#key(event) {
		const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
		const last = this.#bars.length - 1;
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
			fire(this, 'pick', null);
		} else {
			return;
		}
		event.preventDefault();
		event.stopPropagation();
	}
}

customElements.define('log-histogram', LogHistogram);
