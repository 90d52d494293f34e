// <log-sources>: the logs and environments that the token opens; which are shown, and how their streams stand.

import { make } from './dom.js';

// What the states are called.
const STATES = {
	off: '',
	connecting: 'connecting',
	live: 'live',
	waiting: 'reconnecting',
	parked: 'waiting for room',
	token: 'needs a new token',
	refused: 'refused',
};

// Fires `choose` with the ids of the sources that are to be shown.
export class LogSources extends HTMLElement {
	#items = new Map();
	#lists = make('div');

	connectedCallback() {
		const all = make('button', { type: 'button', className: 'quiet', textContent: 'All' });
		const none = make('button', { type: 'button', className: 'quiet', textContent: 'None' });
		all.addEventListener('click', () => this.#choose(() => true));
		none.addEventListener('click', () => this.#choose(() => false));
		this.append(make('header', {}, make('h2', { textContent: 'Sources' }), all, none), this.#lists);
		this.addEventListener('change', () => this.#fire());
		this.addEventListener('click', (event) => this.#click(event));
	}

	#choose(which) {
		for (const [id, item] of this.#items) {
			item.box.checked = which(id);
		}
		this.#fire();
	}

	#fire() {
		const chosen = [...this.#items].filter(([, item]) => item.box.checked).map(([id]) => id);
		this.dispatchEvent(new CustomEvent('choose', { detail: chosen }));
	}

	#click(event) {
		const only = event.target.closest('.only');
		if (only !== null) {
			this.#choose((id) => id === only.dataset.id);
		}
	}

	set(sources, chosen) {
		this.#items.clear();
		const groups = [
			['Logs', sources.filter((source) => !source.isRelay)],
			['Environments', sources.filter((source) => source.isRelay)],
		];
		const made = groups
			.filter(([, some]) => some.length > 0)
			.map(([title, some]) => make('fieldset', {}, make('legend', { textContent: title }), ...some.map((source) => this.#item(source))));
		this.#lists.replaceChildren(...(made.length > 0 ? made : [make('p', { textContent: 'The token opens no log of this server.' })]));
		this.choose(chosen);
		sources.forEach((source) => this.update(source));
	}

	#item(source) {
		const box = make('input', { type: 'checkbox' });
		const state = make('span', { className: 'state' });
		const rate = make('span', { className: 'rate' });
		const dot = make('span', { className: `dot colour-${source.colour}` });
		const label = make('label', {}, box, dot, make('span', { className: 'name', textContent: source.name, title: source.name }));
		const only = make('button', { type: 'button', className: 'only quiet', textContent: 'only', 'aria-label': `Only ${source.name}` });
		only.dataset.id = source.id;
		const item = make('div', { className: 'source' }, label, rate, only, state);
		item.dataset.id = source.id;
		this.#items.set(source.id, { box, state, rate, item, last: source.count });
		return item;
	}

	choose(ids) {
		for (const [id, { box }] of this.#items) {
			box.checked = ids.includes(id);
		}
	}

	update(source) {
		const item = this.#items.get(source.id);
		if (item !== undefined) {
			item.item.dataset.state = source.state;
			item.state.textContent = [STATES[source.state], source.detail].filter((text) => text !== '').join(': ');
			item.state.hidden = source.state === 'off' || (source.state === 'live' && source.detail === '');
		}
	}

	// Called once a second: how many lines came.
	tick(sources) {
		for (const source of sources) {
			const item = this.#items.get(source.id);
			if (item !== undefined) {
				const news = source.count - item.last;
				item.last = source.count;
				item.rate.textContent = news > 0 ? `${news.toLocaleString('en')}/s` : '';
			}
		}
	}
}

customElements.define('log-sources', LogSources);
