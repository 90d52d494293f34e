// The lists: one for all sources, or one for each beside the others.

import { make } from './dom.js';
import { LogList } from './list.js';

// In characters, of the column that says whose a line is.
const ROOM_FOR_SERVICE = 9;
const WIDEST_WHO = 20;

export class Panes {
	#home;
	#parts;
	#lists = [];

	// @param parts what each list needs: ring, sieve, view
	constructor(home, parts) {
		this.#home = home;
		this.#parts = parts;
	}

	get lists() {
		return this.#lists;
	}

	// The list that keys are meant for: the one with the focus, else the first.
	get current() {
		return this.#lists.find((list) => list.contains(document.activeElement)) ?? this.#lists[0];
	}

	show(sources, isSplit) {
		const groups = isSplit && sources.length > 1 ? sources.map((source) => [source]) : [sources];
		this.#lists = [];
		const panes = groups.map((group) => this.#pane(group, groups.length > 1));
		this.#home.classList.toggle('split', groups.length > 1);
		this.#home.replaceChildren(...panes);
	}

	#pane(group, hasTitle) {
		const label = group.length === 1 ? `Lines of ${group[0].name}` : 'Lines of all sources';
		const shown = new Set(group);
		const list = new LogList().attach({
			...this.#parts,
			label,
			shows: (source) => shown.has(source),
			who: whoWidth(group),
		});
		this.#lists.push(list);
		const pane = make('section', { className: 'pane', 'aria-label': label });
		if (hasTitle) {
			const dot = make('span', { className: `dot colour-${group[0].colour}` });
			pane.append(make('h2', {}, dot, group[0].name));
		}
		pane.append(list);
		return pane;
	}
}

// How many characters wide the column is that says whose a line is; 0 where that goes without saying.
function whoWidth(group) {
	if (group.length === 1 && !group[0].isRelay) {
		return 0;
	}
	const longest = Math.max(...group.map((source) => source.name.length + (source.isRelay ? ROOM_FOR_SERVICE : 0)));
	return Math.min(longest, WIDEST_WHO);
}
