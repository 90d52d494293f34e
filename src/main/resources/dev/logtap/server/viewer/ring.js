// The lines in memory, the newest of all sources in one order: bounded in number and in characters. A line is known by its
// number, which only grows; columns instead of an object a line, so that a flood makes no garbage to speak of.

export const LINE = 0;
export const PART = 1;
export const GAP = 2;

export class Ring {
	#most;
	#mostSize;
	#size = 0;
	#texts;
	#times;
	#levels;
	#kinds;
	#sources;
	#data;

	first = 0;
	next = 0;

	constructor(most, mostSize) {
		this.#most = most;
		this.#mostSize = mostSize;
		this.#texts = new Array(most).fill('');
		this.#times = new Float64Array(most);
		this.#levels = new Uint8Array(most);
		this.#kinds = new Uint8Array(most);
		this.#sources = new Array(most).fill(null);
		this.#data = new Array(most).fill(null);
	}

	get most() {
		return this.#most;
	}

	get count() {
		return this.next - this.first;
	}

	// The last line that has to go before so many of that length together can come; -1 where there is room.
	wouldDrop(count, length) {
		const over = Math.max(this.count + count - this.#most, this.count > 0 && this.#size + length > this.#mostSize ? 1 : 0);
		return over > 0 ? this.first + over - 1 : -1;
	}

	// Adds a line; the oldest go where there is no room.
	push(source, kind, text, time, level, data) {
		while (this.wouldDrop(1, text.length) >= 0) {
			this.#dropFirst();
		}
		const at = this.next % this.#most;
		this.#texts[at] = text;
		this.#times[at] = time;
		this.#levels[at] = level;
		this.#kinds[at] = kind;
		this.#sources[at] = source;
		this.#data[at] = data;
		this.#size += text.length;
		this.next++;
	}

	#dropFirst() {
		const at = this.first % this.#most;
		this.#size -= this.#texts[at].length;
		this.#texts[at] = '';
		this.#sources[at] = null;
		this.#data[at] = null;
		this.first++;
	}

	text(line) {
		return this.#texts[line % this.#most];
	}

	time(line) {
		return this.#times[line % this.#most];
	}

	level(line) {
		return this.#levels[line % this.#most];
	}

	kind(line) {
		return this.#kinds[line % this.#most];
	}

	source(line) {
		return this.#sources[line % this.#most];
	}

	// What else is known of the line: of an entry of a relay all of it, else null.
	data(line) {
		return this.#data[line % this.#most];
	}

	// Where lines of that source which begin at that time belong: behind all of their own source, and behind all that are not
	// younger.
	placeFor(source, time) {
		let place = this.next;
		while (place > this.first && this.source(place - 1) !== source && this.time(place - 1) > time) {
			place--;
		}
		return place;
	}

	takeFrom(line) {
		const taken = [];
		for (let i = line; i < this.next; i++) {
			taken.push([this.source(i), this.kind(i), this.text(i), this.time(i), this.level(i), this.data(i)]);
			this.#size -= this.text(i).length;
		}
		this.next = line;
		return taken;
	}

	forget(source) {
		const kept = this.takeFrom(this.first).filter((line) => line[0] !== source);
		for (const line of kept) {
			this.push(...line);
		}
	}
}
