// <log-details>: one line in full, with its parts.

import { fullTime } from './clock.js';
import { button, fire, make } from './dom.js';
import { fieldsOf } from './fields.js';
import { NAMES } from './level.js';
import { harmless, paint } from './paint.js';

// More of a line is not shown, but copied.
const MOST_SHOWN = 64 << 10;

// Fires `take` with a text to be copied, and `close`.
export class LogDetails extends HTMLElement {
	#body = make('div', { className: 'body', tabIndex: 0, role: 'group', ariaLabel: 'Line' });
	#title = make('h2');
	#text = '';

	connectedCallback() {
		const className = 'quiet';
		const copy = button('Copy', () => fire(this, 'take', harmless(this.#text)), { className });
		const close = button('×', () => fire(this, 'close'), { className, title: 'Close (Escape)', ariaLabel: 'Close' });
		this.append(make('header', {}, this.#title, copy, close), this.#body);
	}

	show({ source, kind, text, time, level, data }) {
		const isGap = kind === 'gap';
		const parts = isGap ? null : fieldsOf(text, data);
		this.#text = data === null ? text : JSON.stringify(data);
		this.#title.replaceChildren(
			make('span', { className: `who colour-${source.colour}`, textContent: source.name }),
			make('span', { className: `badge level-${NAMES[level]}`, textContent: isGap ? 'gap' : NAMES[level] }),
			make('span', { className: 'quiet', textContent: parts?.format ?? '' }),
		);
		const times = make('p', { className: 'times' }, `${fullTime(time, true)} UTC · ${fullTime(time, false)} local`);
		const whole = make('pre');
		paint(whole, text, MOST_SHOWN);
		this.#body.replaceChildren(times, whole, ...(parts === null ? [] : [table(parts.fields)]));
		this.#body.scrollTop = 0;
		this.hidden = false;
	}
}

function table(fields) {
	const rows = fields.map(([name, value]) =>
		make('tr', {}, make('th', { scope: 'row', textContent: harmless(name) }), make('td', { textContent: harmless(value) })),
	);
	return make('table', {}, make('tbody', {}, ...rows));
}

customElements.define('log-details', LogDetails);
