// Writes a line's text into an element. It is data: it goes in as text, control characters are shown instead of obeyed, and
// what was looked for is marked.

import { make } from './dom.js';

// C0 but tab, DEL, C1, and what turns the direction of writing.
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

// Nobody reads more marks in a line.
const MOST_MARKS = 100;

// As `logtap tail` shows them on a terminal: ^[ and \u{9b}.
function shown(control) {
	const code = control.charCodeAt(0);
	return code < 0x20 ? '^' + String.fromCharCode(code + 0x40) : code === 0x7f ? '^?' : `\\u{${code.toString(16)}}`;
}

export function harmless(text) {
	return text.replace(CONTROL, shown);
}

// Fills the element with the first characters of a text.
// @param looked filters, by the name of the marks on what they find
export function paint(element, text, most, looked = {}) {
	const head = text.slice(0, most);
	const parts = [];
	let at = 0;
	for (const { from, to, name } of marksIn(head, looked)) {
		if (from >= at) {
			parts.push(harmless(head.slice(at, from)), make('mark', { className: name, textContent: harmless(head.slice(from, to)) }));
			at = to;
		}
	}
	parts.push(harmless(head.slice(at)));
	if (head.length < text.length) {
		const more = (text.length - head.length).toLocaleString('en');
		parts.push(make('span', { className: 'more', textContent: `… ${more} more characters` }));
	}
	element.replaceChildren(...parts);
}

function marksIn(text, looked) {
	const each = ([name, filter]) => filter.placesIn(text, MOST_MARKS).map((place) => ({ name, ...place }));
	return Object.entries(looked).flatMap(each).sort((a, b) => a.from - b.from);
}
