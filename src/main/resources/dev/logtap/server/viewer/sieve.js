// Looks at each line once, and says which lists show it. When what is shown changes it begins anew; the lists go on
// showing what they have until it is through.

import { Filter } from './filter.js';

export class Sieve {
	#ring;
	#view;
	#lists = [];
	#next = 0;

	filter = new Filter('');
	find = new Filter('');

	constructor(ring, view) {
		this.#ring = ring;
		this.#view = view;
	}

	get isDone() {
		return this.#next === this.#ring.next;
	}

	restart(lists) {
		this.filter = new Filter(this.#view.filter);
		this.find = new Filter(this.#view.find);
		this.#lists = lists;
		this.#next = this.#ring.first;
		lists.forEach((list) => list.begin());
		this.#tellReady();
	}

	rewind(number) {
		this.#next = Math.min(this.#next, number);
		this.#lists.forEach((list) => list.dropFrom(number));
	}

	step(most) {
		const ring = this.#ring;
		this.#next = Math.max(this.#next, ring.first);
		const end = Math.min(ring.next, this.#next + most);
		for (; this.#next < end; this.#next++) {
			this.#look(this.#next);
		}
		for (const list of this.#lists) {
			list.dropBefore(ring.first);
		}
		this.#tellReady();
	}

	#tellReady() {
		if (this.isDone) {
			this.#lists.forEach((list) => list.ready());
		}
	}

	#look(number) {
		const line = this.#ring.at(number);
		const { from, to } = this.#view;
		const lists = this.#lists.filter((list) => list.shows(line.source));
		// But for the span of time: the histogram shows it as well.
		line.isWanted = lists.length > 0 && this.#isWanted(line);
		if (line.isWanted && (from === null || (line.time >= from && line.time <= to))) {
			lists.forEach((list) => list.add(number));
		}
	}

	isFound(number) {
		const { text, data } = this.#ring.at(number);
		return !this.find.isEmpty && this.find.accepts(text, labelOf(data));
	}

	#isWanted({ kind, level, text, data }) {
		// A loss concerns whoever looks for anything.
		return kind === 'gap' || (this.#view.levels[level] && this.filter.accepts(text, labelOf(data)));
	}
}

export function labelOf(data) {
	return data?.serviceName ?? data?.serviceId ?? '';
}
