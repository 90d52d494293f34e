// <log-sources>: the logs and environments that the token opens; which are shown, and how their streams stand.

import { button, fire, make } from './dom.js';

const STATES = { off: '', waiting: 'reconnecting', parked: 'waiting for room', token: 'needs a new token' };

// Fires `choose` with the ids of the sources that are to be shown.
export class LogSources extends HTMLElement {
	#items = new Map();
	#lists = make('div');

	connectedCallback() {
		const all = button('All', () => this.#chooseAll(true), { className: 'quiet' });
		const none = button('None', () => this.#chooseAll(false), { className: 'quiet' });
		this.append(make('header', {}, make('h2', { textContent: 'Sources' }), all, none), this.#lists);
		this.addEventListener('change', () => this.#fire());
	}

	#chooseAll(isChosen) {
		for (const { box } of this.#items.values()) {
			box.checked = isChosen;
		}
		this.#fire();
	}

	#fire() {
		const chosen = [...this.#items].filter(([, item]) => item.box.checked).map(([id]) => id);
		fire(this, 'choose', chosen);
	}

	set(sources, chosen) {
		this.#items.clear();
		const groups = [
			['Logs', sources.filter((source) => !source.isRelay)],
			['Environments', sources.filter((source) => source.isRelay)],
		];
		const made = groups
			.filter(([, some]) => some.length > 0)
			.map(([title, some]) => make('fieldset', {}, make('legend', {}, title), ...some.map((source) => this.#item(source))));
		this.#lists.replaceChildren(...(made.length > 0 ? made : [make('p', { textContent: 'The token opens no log of this server.' })]));
		this.choose(chosen);
		sources.forEach((source) => this.update(source));
	}

	#item(source) {
		const box = make('input', { type: 'checkbox' });
		const state = make('span', { className: 'state' });
		const dot = make('span', { className: `dot colour-${source.colour}` });
		const label = make('label', {}, box, dot, make('span', { className: 'name', textContent: source.name, title: source.name }));
		const item = make('div', { className: 'source' }, label, state);
		item.dataset.id = source.id;
		this.#items.set(source.id, { box, state, item });
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
			item.state.textContent = [STATES[source.state] ?? source.state, source.detail].filter((text) => text !== '').join(': ');
			item.state.hidden = source.state === 'off' || (source.state === 'live' && source.detail === '');
		}
	}
}

customElements.define('log-sources', LogSources);
