// The lines in memory, the newest of all sources in one order: bounded in number and in characters. A line is known by its
// number; that grows when others come between.
//
// A line: {source, kind: 'line', 'part' (of one that began before) or 'gap', text, time, level, data (all of an entry of an
// environment, else null), size, number}

export class Ring {
	#lines;
	#mostSize;
	#size = 0;

	first = 0;
	next = 0;

	constructor(most, mostSize) {
		this.#lines = new Array(most).fill(null);
		this.#mostSize = mostSize;
	}

	get most() {
		return this.#lines.length;
	}

	get count() {
		return this.next - this.first;
	}

	at(number) {
		return this.#lines[number % this.most];
	}

	has(line) {
		return line !== null && line.number < this.next && this.at(line.number) === line;
	}

	// The last line that has to go before so many of that size together can come; -1 where there is room.
	wouldDrop(count, size) {
		const over = Math.max(this.count + count - this.most, this.count > 0 && this.#size + size > this.#mostSize ? 1 : 0);
		return over > 0 ? this.first + over - 1 : -1;
	}

	push(line) {
		while (this.wouldDrop(1, line.size) >= 0) {
			this.#size -= this.at(this.first).size;
			this.#lines[this.first++ % this.most] = null;
		}
		line.number = this.next++;
		this.#lines[line.number % this.most] = line;
		this.#size += line.size;
	}

	// Where lines of that source which begin at that time belong: behind all of their own, and all that are not younger.
	placeFor(source, time) {
		let place = this.next;
		while (place > this.first && this.at(place - 1).source !== source && this.at(place - 1).time > time) {
			place--;
		}
		return place;
	}

	filter(accepts, from = this.first) {
		const accepted = [];
		for (let i = from; i < this.next; i++) {
			if (accepts(this.at(i))) {
				accepted.push(this.at(i));
			}
		}
		return accepted;
	}

	takeFrom(number) {
		const taken = this.filter(() => true, number);
		this.#size -= taken.reduce((sum, { size }) => sum + size, 0);
		this.next = number;
		return taken;
	}

	forget(source) {
		for (const line of this.takeFrom(this.first)) {
			// Who looks at one that goes finds the next that stays.
			line.number = this.next;
			if (line.source !== source) {
				this.push(line);
			}
		}
	}
}

// How much of memory a line or an entry takes, about, in characters.
export function sizeOf(item) {
	return 64 + (typeof item === 'string' ? item : JSON.stringify(item)).length;
}
