// When a line says it was written. A stamp that names no zone counts as UTC, on which servers are kept.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// 2026-11-23T01:02:03.004Z, with a blank or slashes as well: ISO 8601, nginx's error log, MySQL, most frameworks.
const ISO = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?/;

// 23/Nov/2026:01:02:03 +0000, 23-Nov-2026 01:02:03: access logs, php-fpm.
const COMMON = /(\d\d?)[-/]([A-Z][a-z]{2})[-/](\d{4})[: ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?/;

// Nov 23 01:02:03: syslog, which leaves the year out.
const SYSLOG = /^(?:<\d+>)?([A-Z][a-z]{2}) {1,2}(\d\d?) (\d\d):(\d\d):(\d\d)/;

// A number of seconds, milli-, micro- or nanoseconds under one of the names that JSON logs give it.
const NUMBER = /"(?:@?timestamp|time|ts)"\s*:\s*(\d{10}(?:\d{3}|\d{6}|\d{9})?)(?:\.(\d{1,9}))?\b/;

// Stamps stand at the beginning; JSON may have them anywhere.
const BEGINNING = 160;
const BEGINNING_OF_JSON = 4096;

// Shorter than that, nothing can stand before a stamp that looks like one.
const SHORTEST = 12;

// Milliseconds since 1970; NaN where there is no stamp.
export function timeOf(text, now) {
	const first = text.charCodeAt(0);
	const isJson = first === 0x7b;
	const length = isJson ? BEGINNING_OF_JSON : BEGINNING;
	const head = text.length > length ? text.slice(0, length) : text;
	const iso = ISO.exec(head);
	// What a stranger asks an access log's server for may look like a stamp: the first one counts.
	const common = iso === null || iso.index > SHORTEST ? COMMON.exec(head) : null;
	if (common !== null && (iso === null || common.index < iso.index)) {
		const [, day, month, year, hour, minute, second, digits, zone] = common;
		return at(year, MONTHS.indexOf(month), day, hour, minute, second, digits, zone);
	}
	if (iso !== null) {
		const [, year, month, day, hour, minute, second, digits, zone] = iso;
		return at(year, month - 1, day, hour, minute, second, digits, zone);
	}
	let match = isJson ? NUMBER.exec(head) : null;
	if (match !== null) {
		return Number(match[1]) / 10 ** (match[1].length - 13) + (match[1].length === 10 ? fraction(match[2]) : 0);
	}
	match = isJson ? null : SYSLOG.exec(head);
	return match === null ? NaN : withoutYear(match, now);
}

function at(year, month, day, hour, minute, second, digits, zone) {
	const time = Date.UTC(year, month, day, hour, minute, second) + fraction(digits);
	if (zone === undefined || zone === 'Z') {
		return time;
	}
	const offset = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return time - (zone[0] === '-' ? -offset : offset) * 60_000;
}

// Milliseconds of the digits behind the point.
function fraction(digits) {
	return digits === undefined ? 0 : Number(digits.padEnd(3, '0').slice(0, 3));
}

// In this year, or in the last where that would be in the future.
function withoutYear([, month, day, hour, minute, second], now) {
	const year = new Date(now).getUTCFullYear();
	const time = Date.UTC(year, MONTHS.indexOf(month), day, hour, minute, second);
	return time - now > 86_400_000 ? Date.UTC(year - 1, MONTHS.indexOf(month), day, hour, minute, second) : time;
}
