// The lists: one for all sources, or one for each beside the others.

import { make } from './dom.js';
import { LogList } from './list.js';

const ROOM_FOR_SERVICE = 9;
const WIDEST_WHO = 20;

export class Panes {
	#home;
	#parts;

	lists = [];

	constructor(home, parts) {
		this.#home = home;
		this.#parts = parts;
	}

	// The list that keys are meant for: the one with the focus, else the first.
	get current() {
		return this.lists.find((list) => list.contains(document.activeElement)) ?? this.lists[0];
	}

	show(sources, isSplit) {
		const groups = isSplit && sources.length > 1 ? sources.map((source) => [source]) : [sources];
		const before = this.lists;
		this.lists = [];
		const panes = groups.map((group) => this.#pane(group, groups.length > 1, before));
		this.#home.classList.toggle('split', groups.length > 1);
		this.#home.replaceChildren(...panes);
	}

	#pane(group, hasTitle, before) {
		const label = group.length === 1 ? `Lines of ${group[0].name}` : 'Lines of all sources';
		const list = new LogList().attach({ ...this.#parts, label, sources: group, who: whoWidth(group) });
		list.resume(before.find((other) => other.isRead && group.some((source) => other.shows(source))));
		this.lists.push(list);
		const pane = make('section', { className: 'pane', ariaLabel: label });
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
	const isClear = group.length === 1 && !group[0].isRelay;
	const widths = group.map(({ name, isRelay }) => name.length + (isRelay ? ROOM_FOR_SERVICE : 0));
	return isClear ? 0 : Math.min(WIDEST_WHO, Math.max(...widths));
}
