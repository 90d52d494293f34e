// What a reader looks for: words that all have to be in a line, case ignored; "two words" as one; -word for what must not be.

const TERM = /(-?)"([^"]+)"?|(\S+)/g;

export class Filter {
	#wanted = [];
	#unwanted = [];
	#marks = null;

	constructor(text) {
		const wanted = [];
		for (const [, minus, quoted, word] of text.matchAll(TERM)) {
			const isUnwanted = minus === '-' || (word?.length > 1 && word[0] === '-');
			const term = (quoted ?? (isUnwanted ? word.slice(1) : word)).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
			(isUnwanted ? this.#unwanted : this.#wanted).push(new RegExp(term, 'i'));
			if (!isUnwanted) {
				wanted.push(term);
			}
		}
		if (wanted.length > 0) {
			// The longest first, so that of two that begin alike all is marked.
			this.#marks = new RegExp(wanted.sort((a, b) => b.length - a.length).join('|'), 'gi');
		}
	}

	get isEmpty() {
		return this.#wanted.length === 0 && this.#unwanted.length === 0;
	}

	// @param label a second text that may have a term instead: who said the line
	accepts(text, label) {
		const has = (term) => term.test(text) || term.test(label);
		return this.#wanted.every(has) && !this.#unwanted.some(has);
	}

	placesIn(text, most) {
		const places = this.#marks === null ? [] : text.matchAll(this.#marks).take(most);
		return [...places].map((match) => ({ from: match.index, to: match.index + match[0].length }));
	}
}
