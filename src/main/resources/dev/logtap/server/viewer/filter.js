// What a reader looks for: words that all have to be in a line, case ignored; "two words" as one; -word for what must not be.

const TERM = /(-?)"([^"]+)"?|(\S+)/g;

// The terms of a text, each found in a line by an expression that ignores case.
export class Filter {
	#wanted = [];
	#unwanted = [];
	#marks = null;

	constructor(text) {
		const wanted = [];
		for (const [, minus, quoted, word] of text.matchAll(TERM)) {
			const isUnwanted = minus === '-' || (word?.length > 1 && word[0] === '-');
			const term = quoted ?? (isUnwanted ? word.slice(1) : word);
			const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
			if (isUnwanted) {
				this.#unwanted.push(new RegExp(escaped, 'i'));
			} else {
				wanted.push(escaped);
				this.#wanted.push(new RegExp(escaped, 'i'));
			}
		}
		// The longest first, so that of two that begin alike all is marked.
		wanted.sort((a, b) => b.length - a.length);
		this.#marks = wanted.length > 0 ? new RegExp(wanted.join('|'), 'gi') : null;
	}

	get isEmpty() {
		return this.#wanted.length === 0 && this.#unwanted.length === 0;
	}

	// @param label a second text that may have a term instead: who said the line
	accepts(text, label) {
		for (const term of this.#wanted) {
			if (!term.test(text) && !term.test(label)) {
				return false;
			}
		}
		for (const term of this.#unwanted) {
			if (term.test(text) || term.test(label)) {
				return false;
			}
		}
		return true;
	}

	// Where terms stand in a text: [from, to, from, to, ...], up to so many of them.
	placesIn(text, most) {
		const places = [];
		if (this.#marks !== null) {
			this.#marks.lastIndex = 0;
			for (let match = this.#marks.exec(text); match !== null && places.length < 2 * most; match = this.#marks.exec(text)) {
				places.push(match.index, match.index + match[0].length);
			}
		}
		return places;
	}
}
