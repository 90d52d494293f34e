// <log-details>: one line in full, with its parts.

import { longTime } from './clock.js';
import { icon, make } from './dom.js';
import { fieldsOf } from './fields.js';
import { NAMES } from './level.js';
import { harmless } from './paint.js';
import { GAP } from './ring.js';

// More of a line is not shown, but copied.
const MOST_SHOWN = 64 << 10;

// Fires `filter` with a term to add to the filter, `copy` with a text, and `close`.
export class LogDetails extends HTMLElement {
	#body = make('div', { className: 'body', tabIndex: 0, role: 'group', 'aria-label': 'Line' });
	#title = make('h2');
	#text = '';

	connectedCallback() {
		const copy = make('button', { type: 'button', className: 'quiet', title: 'Copy the line' }, icon('i-copy'), 'Copy');
		const close = make('button', { type: 'button', className: 'quiet', title: 'Close (Escape)', 'aria-label': 'Close' }, icon('i-close'));
		copy.addEventListener('click', () => this.#fire('copy', this.#text));
		close.addEventListener('click', () => this.#fire('close'));
		this.append(make('header', {}, this.#title, copy, close), this.#body);
	}

	#fire(name, detail) {
		this.dispatchEvent(new CustomEvent(name, { detail }));
	}

	show(ring, line) {
		const source = ring.source(line);
		const text = ring.text(line);
		const data = ring.data(line);
		const level = ring.level(line);
		const parts = ring.kind(line) === GAP ? null : fieldsOf(text, data);
		this.#text = data === null ? text : JSON.stringify(data);
		this.#title.replaceChildren(
			make('span', { className: `who colour-${source.colour}`, textContent: source.name }),
			make('span', { className: `badge level-${NAMES[level]}`, textContent: ring.kind(line) === GAP ? 'gap' : NAMES[level] }),
			make('span', { className: 'quiet', textContent: parts === null ? '' : parts.format }),
		);
		const time = ring.time(line);
		const times = make(
			'p',
			{ className: 'times' },
			make('time', { textContent: longTime(time, true) }),
			make('time', { textContent: longTime(time, false) }),
		);
		const whole = make('pre', { textContent: harmless(text.slice(0, MOST_SHOWN)) });
		if (text.length > MOST_SHOWN) {
			whole.append(make('span', { className: 'more', textContent: `… ${text.length - MOST_SHOWN} more characters; Copy has all of them` }));
		}
		this.#body.replaceChildren(times, whole, ...(parts === null ? [] : [this.#table(parts.fields)]));
		this.#body.scrollTop = 0;
		this.hidden = false;
	}

	#table(fields) {
		const rows = fields.map(([name, value]) => {
			const shown = harmless(value);
			const short = shown.length > 60 ? shown.slice(0, 60) + '…' : shown;
			const only = this.#term('+', value, `Only lines with ${short}`);
			const without = this.#term('−', value, `Only lines without ${short}`);
			return make(
				'tr',
				{},
				make('th', { scope: 'row', textContent: harmless(name) }),
				make('td', { textContent: shown }),
				make('td', { className: 'terms' }, only, without),
			);
		});
		return make('table', {}, make('tbody', {}, ...rows));
	}

	#term(sign, value, title) {
		const button = make('button', { type: 'button', className: 'quiet', title, 'aria-label': title, textContent: sign });
		button.addEventListener('click', () => this.#fire('filter', (sign === '+' ? '' : '-') + quoted(value)));
		return button;
	}
}

// A value as a term of the filter.
function quoted(value) {
	return /^[^\s"-][^\s"]*$/.test(value) ? value : `"${value.replaceAll('"', '')}"`;
}

customElements.define('log-details', LogDetails);
