// Looks at each line once, and says which lists show it. When what is shown changes it begins anew; the lists go on
// showing what they have until it is through.

import { Filter } from './filter.js';
import { GAP } from './ring.js';

export class Sieve {
	#ring;
	#view;
	#lists = [];
	#next = 0;
	#filter = new Filter('');
	#find = new Filter('');

	// By a line's place in the ring: whether it is shown but for the span of time.
	#passes;

	constructor(ring, view) {
		this.#ring = ring;
		this.#view = view;
		this.#passes = new Uint8Array(ring.most);
	}

	get filter() {
		return this.#filter;
	}

	get find() {
		return this.#find;
	}

	get isDone() {
		return this.#next === this.#ring.next;
	}

	passes(line) {
		return this.#passes[line % this.#ring.most] === 1;
	}

	restart(lists) {
		this.#filter = new Filter(this.#view.filter);
		this.#find = new Filter(this.#view.find);
		this.#lists = lists;
		this.#next = this.#ring.first;
		for (const list of lists) {
			list.begin();
		}
	}

	rewind(line) {
		this.#next = Math.min(this.#next, line);
		for (const list of this.#lists) {
			list.dropFrom(line);
		}
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
			if (this.isDone) {
				list.ready();
			}
		}
	}

	#look(line) {
		const ring = this.#ring;
		const source = ring.source(line);
		const passes = this.#lists.some((list) => list.shows(source)) && this.#isWanted(line);
		this.#passes[line % ring.most] = passes ? 1 : 0;
		if (!passes || !this.#isInSpan(ring.time(line))) {
			return;
		}
		const isFound = !this.#find.isEmpty && this.#find.accepts(ring.text(line), labelOf(ring.data(line)));
		for (const list of this.#lists) {
			if (list.shows(source)) {
				list.add(line, isFound);
			}
		}
	}

	#isWanted(line) {
		const ring = this.#ring;
		// A loss concerns whoever looks for anything.
		return (
			ring.kind(line) === GAP ||
			(this.#view.levels[ring.level(line)] && this.#filter.accepts(ring.text(line), labelOf(ring.data(line))))
		);
	}

	#isInSpan(time) {
		return this.#view.from === null || (time >= this.#view.from && time <= this.#view.to);
	}
}

// Who said a line of an environment.
export function labelOf(data) {
	return data?.serviceName ?? data?.serviceId ?? '';
}
