// How much a line asks for attention, as far as that can be seen. As `logtap watch` sees it, and by the status of requests.

import { ACCESS } from './fields.js';

export const NONE = 0;
export const DEBUG = 1;
export const INFO = 2;
export const WARN = 3;
export const ERROR = 4;

export const NAMES = ['other', 'debug', 'info', 'warn', 'error'];

// What matters most comes first.
export const LEVELS = [ERROR, WARN, INFO, DEBUG, NONE];

const SEVERITIES = {
	__proto__: null,
	// As pino has them.
	10: DEBUG, 20: DEBUG, 30: INFO, 40: WARN, 50: ERROR, 60: ERROR,
	trace: DEBUG, debug: DEBUG,
	info: INFO, notice: INFO, note: INFO, system: INFO,
	warning: WARN, warn: WARN,
	error: ERROR, err: ERROR, fatal: ERROR, critical: ERROR, crit: ERROR, alert: ERROR, emerg: ERROR, panic: ERROR,
};

// A line names its level at its beginning, if at all: in brackets or behind `level`, as it likes, or else in capitals.
const BEGINNING = 160;
const WORDS = Object.keys(SEVERITIES).filter(isNaN).join('|');
const NAMED = new RegExp(`"level": ?([1-6]0)\\b|(?:\\[(?=[a-z]+\\])|level[=": ]+)(${WORDS})(?![a-z])`, 'i');
const CAPITALS = new RegExp(`(?<![A-Za-z])(?:${WORDS.toUpperCase()})(?![A-Za-z])`);

// By the status: in a line of an access log that alone, else what stands behind `HTTP/1.1" `.
const REQUEST = / HTTP\/[\d.]{1,9}" ([1-5])/;
const BY_STATUS = [NONE, INFO, INFO, INFO, WARN, ERROR];

export function levelOf(severity) {
	return SEVERITIES[severity.toLowerCase()] ?? NONE;
}

// Of a log's line. Heuristic: a message that shouts ERROR at its beginning counts as one.
export function levelIn(text) {
	const access = ACCESS.exec(text);
	if (access !== null) {
		return BY_STATUS[access.groups.status[0]] ?? NONE;
	}
	const head = text.slice(0, BEGINNING);
	const named = NAMED.exec(head);
	const capitals = CAPITALS.exec(head);
	if (named !== null && !(capitals?.index < named.index)) {
		return levelOf(named[1] ?? named[2]);
	}
	return capitals !== null ? levelOf(capitals[0]) : BY_STATUS[REQUEST.exec(text)?.[1] ?? 0];
}
