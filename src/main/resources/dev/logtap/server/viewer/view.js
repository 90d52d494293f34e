// What is shown and how: all of it goes into a link, and nothing else does.

import { linkTo } from './address.js';
import { NAMES } from './level.js';

const ALL_LEVELS = NAMES.length;

// Browsers refuse to change the address more than some hundred times in half a minute.
const WRITE_AFTER = 250;

// Fires `change`, whose detail is a set of the names of what has changed.
export class View extends EventTarget {
	// Ids of the sources that are shown; null until somebody has chosen.
	sources = null;
	isSplit = false;
	filter = '';
	find = '';
	levels = new Array(ALL_LEVELS).fill(true);
	wraps = false;
	utc = false;
	// The span of time that is shown, in milliseconds; null for all.
	from = null;
	to = null;
	#timer = 0;

	set(changes) {
		const changed = new Set();
		for (const [name, value] of Object.entries(changes)) {
			if (String(this[name]) !== String(value) || (this[name] === null) !== (value === null)) {
				this[name] = value;
				changed.add(name);
			}
		}
		if (changed.size > 0) {
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => history.replaceState(null, '', this.link()), WRITE_AFTER);
			this.dispatchEvent(new CustomEvent('change', { detail: changed }));
		}
	}

	link() {
		const parameters = new URLSearchParams();
		if (this.sources !== null) {
			parameters.set('show', this.sources.join(','));
		}
		if (this.isSplit) {
			parameters.set('split', '1');
		}
		if (this.filter !== '') {
			parameters.set('filter', this.filter);
		}
		if (this.find !== '') {
			parameters.set('find', this.find);
		}
		if (this.levels.includes(false)) {
			parameters.set('levels', NAMES.filter((_, level) => this.levels[level]).join(','));
		}
		if (this.wraps) {
			parameters.set('wrap', '1');
		}
		if (this.utc) {
			parameters.set('utc', '1');
		}
		if (this.from !== null) {
			parameters.set('from', new Date(this.from).toISOString());
			parameters.set('to', new Date(this.to).toISOString());
		}
		// Commas and colons may stand in a fragment as they are, and are easier to read.
		return linkTo(parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':'));
	}

	read(fragment) {
		const parameters = new URLSearchParams(fragment);
		const levels = parameters.get('levels')?.split(',');
		const from = Date.parse(parameters.get('from'));
		const to = Date.parse(parameters.get('to'));
		const hasSpan = from <= to;
		this.set({
			sources: parameters.has('show') ? parameters.get('show').split(',').filter((id) => id !== '') : this.sources,
			isSplit: parameters.get('split') === '1',
			filter: parameters.get('filter') ?? '',
			find: parameters.get('find') ?? '',
			levels: NAMES.map((name) => levels === undefined || levels.includes(name)),
			wraps: parameters.get('wrap') === '1',
			utc: parameters.get('utc') === '1',
			from: hasSpan ? from : null,
			to: hasSpan ? to : null,
		});
	}
}

// What a fragment says of a token, and the rest of it.
export function tokenIn(fragment) {
	const parameters = new URLSearchParams(fragment);
	const token = parameters.get('token');
	parameters.delete('token');
	return { token, rest: parameters.toString() };
}
