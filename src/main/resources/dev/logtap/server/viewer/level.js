// How much a line asks for attention, as far as that can be seen. As `logtap watch` sees it, and by the status of requests.

export const NONE = 0;
export const DEBUG = 1;
export const INFO = 2;
export const WARN = 3;
export const ERROR = 4;

// By level.
export const NAMES = ['other', 'debug', 'info', 'warn', 'error'];

const SEVERITIES = new Map(
	Object.entries({
		trace: DEBUG, debug: DEBUG,
		info: INFO, notice: INFO, note: INFO, system: INFO,
		warn: WARN, warning: WARN,
		error: ERROR, err: ERROR, fatal: ERROR, critical: ERROR, crit: ERROR, alert: ERROR, emerg: ERROR, panic: ERROR,
	}),
);

// A line names its level at its beginning, if at all.
const BEGINNING = 160;
const LONGEST_WORD = 8;
const SHORTEST_WORD = 3;

// Of a severity as it is called.
export function levelOf(severity) {
	return SEVERITIES.get(severity.toLowerCase()) ?? NONE;
}

// Of a log's line: a word in capitals, in brackets, or behind `level`; else the status of a request, where it is one.
// Heuristic: a message that shouts ERROR at its beginning counts as one.
export function levelIn(text) {
	const end = Math.min(text.length, BEGINNING);
	for (let from = 0; from < end; from++) {
		if (!isLetter(text.charCodeAt(from))) {
			continue;
		}
		let to = from + 1;
		while (to < text.length && isLetter(text.charCodeAt(to))) {
			to++;
		}
		if (to - from >= SHORTEST_WORD && to - from <= LONGEST_WORD && isMeant(text, from, to)) {
			const level = SEVERITIES.get(text.slice(from, to).toLowerCase());
			if (level !== undefined) {
				return level;
			}
		}
		from = to;
	}
	return ofRequest(text);
}

function isMeant(text, from, to) {
	if (isCapital(text.charCodeAt(from)) && isCapital(text.charCodeAt(from + 1)) && isCapital(text.charCodeAt(to - 1))) {
		return true;
	}
	return (text[from - 1] === '[' && text[to] === ']') || isNamed(text, from);
}

// Whether `level=`, `"level":"` or the like stands before it.
function isNamed(text, from) {
	let end = from;
	while (end > 0 && '"=: '.includes(text[end - 1])) {
		end--;
	}
	return end < from && end >= 5 && text.slice(end - 5, end).toLowerCase() === 'level';
}

// By the status behind `HTTP/1.1" `, as web servers log it.
function ofRequest(text) {
	const protocol = text.indexOf(' HTTP/');
	const quote = protocol < 0 ? -1 : text.indexOf('" ', protocol);
	if (quote < 0) {
		return NONE;
	}
	const status = text.charCodeAt(quote + 2);
	return status === 0x35 ? ERROR : status === 0x34 ? WARN : status >= 0x31 && status <= 0x33 ? INFO : NONE;
}

function isLetter(c) {
	return (c >= 0x61 && c <= 0x7a) || isCapital(c);
}

function isCapital(c) {
	return c >= 0x41 && c <= 0x5a;
}
