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

// A text whose control characters can be seen.
export function harmless(text) {
	return text.replace(CONTROL, shown);
}

// Fills the element with the first characters of a text.
// @param filter what lines were chosen by
// @param find what is looked for in them
export function paint(element, text, most, filter, find) {
	const head = text.length > most ? text.slice(0, most) : text;
	const marks = marksIn(head, filter, find);
	if (marks.length === 0 && head.length === text.length && head.search(CONTROL) < 0) {
		element.textContent = head;
		return;
	}
	const parts = [];
	let at = 0;
	for (const { from, to, name } of marks) {
		if (from >= at) {
			plain(parts, head.slice(at, from));
			parts.push(make('mark', { className: name, textContent: harmless(head.slice(from, to)) }));
			at = to;
		}
	}
	plain(parts, head.slice(at));
	if (head.length < text.length) {
		const more = (text.length - head.length).toLocaleString('en');
		parts.push(make('span', { className: 'more', textContent: `… ${more} more characters` }));
	}
	element.replaceChildren(...parts);
}

function marksIn(text, filter, find) {
	const marks = [];
	for (const [name, looked] of [['found', find], ['chosen', filter]]) {
		const places = looked.placesIn(text, MOST_MARKS);
		for (let i = 0; i < places.length; i += 2) {
			marks.push({ from: places[i], to: places[i + 1], name });
		}
	}
	return marks.length > 1 ? marks.sort((a, b) => a.from - b.from) : marks;
}

// Text as it is, its control characters apart.
function plain(parts, text) {
	let at = 0;
	for (const match of text.matchAll(CONTROL)) {
		parts.push(text.slice(at, match.index), make('span', { className: 'control', textContent: shown(match[0]) }));
		at = match.index + 1;
	}
	if (at < text.length) {
		parts.push(text.slice(at));
	}
}
