// Numbers of lines in their order, and where each lies when they stand below one another. What is taken off at the beginning
// leaves the others where they are.

// So many may be left over at the beginning before they are cut off.
const SPARE = 4096;

export class Rows {
	#lines = [];
	#tops = [];
	#first = 0;
	#end = 0;

	get count() {
		return this.#lines.length - this.#first;
	}

	line(i) {
		return this.#lines[this.#first + i];
	}

	top(i) {
		return i < this.count ? this.#tops[this.#first + i] : this.#end;
	}

	get end() {
		return this.#end;
	}

	push(line, height) {
		this.#lines.push(line);
		this.#tops.push(this.#end);
		this.#end += height;
	}

	dropBefore(line) {
		this.#first += this.indexOf(line);
		if (this.#first > SPARE && this.#first > this.count) {
			this.#lines = this.#lines.slice(this.#first);
			this.#tops = this.#tops.slice(this.#first);
			this.#first = 0;
		}
	}

	dropFrom(line) {
		while (this.count > 0 && this.#lines.at(-1) >= line) {
			this.#lines.pop();
			this.#end = this.#tops.pop();
		}
	}

	// The first one of that line or a later one; the number of all where there is none.
	indexOf(line) {
		return this.#search(this.#lines, line);
	}

	// The one that is at that height; the first or the last where none is.
	indexAt(y) {
		const i = this.#search(this.#tops, y);
		return Math.max(0, i < this.count && this.top(i) === y ? i : i - 1);
	}

	#search(sorted, wanted) {
		let low = this.#first;
		let high = sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (sorted[middle] < wanted) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low - this.#first;
	}

	correct(i, height) {
		const more = height - (this.top(i + 1) - this.top(i));
		for (let k = this.#first + i + 1; k < this.#tops.length; k++) {
			this.#tops[k] += more;
		}
		this.#end += more;
	}

	layOut(heightOf) {
		let y = this.top(0);
		for (let k = this.#first; k < this.#lines.length; k++) {
			this.#tops[k] = y;
			y += heightOf(this.#lines[k]);
		}
		this.#end = y;
	}
}
