// What is shown and how: all of it goes into a link, and nothing else does.

import { linkTo } from './address.js';
import { NAMES } from './level.js';

// Browsers refuse to change the address more than some hundred times in half a minute.
const WRITE_AFTER = 250;

// Fires `change`, whose detail is a set of the names of what has changed.
export class View extends EventTarget {
	// Ids of the sources that are shown; null until somebody has chosen.
	sources = null;
	isSplit = false;
	filter = '';
	find = '';
	levels = NAMES.map(() => true);
	wraps = false;
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
			this.dispatchEvent(new CustomEvent('change', { detail: changed }));
		}
	}

	link() {
		const { sources, filter, find, levels, from, to } = this;
		const parts = [
			['show', sources !== null, sources],
			['split', this.isSplit, 1],
			['filter', filter !== '', filter],
			['find', find !== '', find],
			['levels', levels.includes(false), NAMES.filter((_, level) => levels[level])],
			['wrap', this.wraps, 1],
			['utc', this.utc, 1],
			['from', from !== null, new Date(from).toISOString()],
			['to', to !== null, new Date(to).toISOString()],
		];
		const given = parts.filter(([, isGiven]) => isGiven).map(([name, , value]) => [name, value]);
		// Commas and colons may stand in a fragment as they are, and are easier to read.
		return linkTo(new URLSearchParams(given).toString().replaceAll('%2C', ',').replaceAll('%3A', ':'));
	}

	// @param parameters of a link's fragment
	read(parameters) {
		const list = (name) => parameters.get(name)?.split(',').filter((part) => part !== '');
		const levels = list('levels');
		const from = Date.parse(parameters.get('from'));
		const to = Date.parse(parameters.get('to'));
		this.set({
			sources: list('show') ?? this.sources,
			isSplit: parameters.has('split'),
			filter: parameters.get('filter') ?? '',
			find: parameters.get('find') ?? '',
			levels: NAMES.map((name) => levels?.includes(name) ?? true),
			wraps: parameters.has('wrap'),
			utc: parameters.has('utc'),
			from: from <= to ? from : null,
			to: from <= to ? to : null,
		});
	}
}
