// What is shown and how: all of it goes into a link, and nothing else does.

import { linkTo } from './address.js';
import { fire } from './dom.js';
import { NAMES } from './level.js';

// Browsers refuse to change the address more than some hundred times in half a minute.
const WRITE_AFTER = 250;

// What a link names as we do.
const TEXTS = ['filter', 'find'];
export const SWITCHES = ['split', 'wrap', 'utc'];

// Fires `change`, whose detail is a set of the names of what has changed.
export class View extends EventTarget {
	// Ids of the sources that are shown; null until somebody has chosen.
	sources = null;
	split = false;
	filter = '';
	find = '';
	levels = NAMES.map(() => true);
	wrap = false;
	utc = false;

	// The span of time that is shown, in milliseconds; null for all.
	from = null;
	to = null;
	#timer = 0;

	set(changes) {
		const isOther = (name) => JSON.stringify(this[name]) !== JSON.stringify(changes[name]);
		const changed = new Set(Object.keys(changes).filter(isOther));
		if (changed.size > 0) {
			Object.assign(this, changes);
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => history.replaceState(null, '', this.link()), WRITE_AFTER);
			fire(this, 'change', changed);
		}
	}

	link() {
		const { sources, levels, from, to } = this;
		const given = { ...(sources && { show: sources }) };
		for (const name of [...TEXTS, ...SWITCHES].filter((name) => this[name])) {
			given[name] = this[name] === true ? 1 : this[name];
		}
		if (levels.includes(false)) {
			given.levels = NAMES.filter((_, level) => levels[level]);
		}
		if (from !== null) {
			given.from = new Date(from).toISOString();
			given.to = new Date(to).toISOString();
		}
		// Commas and colons may stand in a fragment as they are, and are easier to read.
		return linkTo(new URLSearchParams(given).toString().replaceAll('%2C', ',').replaceAll('%3A', ':'));
	}

	read(parameters) {
		const list = (name) => parameters.get(name)?.split(',').filter((part) => part !== '');
		const levels = list('levels');
		const from = Date.parse(parameters.get('from'));
		const to = Date.parse(parameters.get('to'));
		this.set({
			sources: list('show') ?? this.sources,
			levels: NAMES.map((name) => levels?.includes(name) ?? true),
			...Object.fromEntries(TEXTS.map((name) => [name, parameters.get(name) ?? ''])),
			...Object.fromEntries(SWITCHES.map((name) => [name, parameters.has(name)])),
			from: from <= to ? from : null,
			to: from <= to ? to : null,
		});
	}
}
