// When a line says it was written. A stamp that names no zone counts as UTC, on which servers are kept.

import { ACCESS } from './fields.js';

// 2026-11-23T01:02:03.004Z, with a blank or slashes as well: ISO 8601, nginx's error log, MySQL, most frameworks.
const ISO = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*)?\s?(Z|[+-]\d\d:?\d\d)?/;

// 23/Nov/2026:01:02:03 +0000, 23-Nov-2026 01:02:03: access logs, php-fpm.
const COMMON = /(\d\d?)[-/]([A-Z][a-z]{2})[-/](\d{4})[: ](\d\d:\d\d:\d\d)(?:\.\d+)?(?: ([+-]\d{4}))?/;

// Nov 23 01:02:03: syslog, which leaves the year out.
const SYSLOG = /^(?:<\d+>)?([A-Z][a-z]{2} {1,2}\d\d?) (\d\d:\d\d:\d\d)/;

// A number of seconds, milli-, micro- or nanoseconds under one of the names that JSON logs give it.
const NUMBER = /"(?:@?timestamp|time|ts)"\s*:\s*(\d{10})(\d{3})?(?:\d{3}|\d{6})?(\.\d+)?\b/;

// Stamps stand at the beginning; JSON may have them anywhere.
const BEGINNING = 160;
const BEGINNING_OF_JSON = 4096;

// What is further ahead of our clock is wrong or forged. Clocks differ by minutes where nobody sets them (Kerberos bears five),
// and by up to 14 hours where local time is taken for UTC.
const CLOCKS = 5 * 60_000;
const ZONES = 86_400_000;

// Milliseconds since 1970; NaN where there is no stamp, or none to be believed.
export function timeOf(text, now) {
	const believed = (time, zone) => (time - now > (zone === undefined ? ZONES : CLOCKS) ? NaN : time);
	const isJson = text.startsWith('{');
	const head = ACCESS.exec(text)?.groups.time ?? text.slice(0, isJson ? BEGINNING_OF_JSON : BEGINNING);
	const iso = ISO.exec(head);
	const common = COMMON.exec(head);
	// What looks like a stamp may follow in the message.
	if (common !== null && !(iso?.index < common.index)) {
		const [, day, month, year, clock, zone] = common;
		return believed(Date.parse(`${day} ${month} ${year} ${clock} ${zone ?? '+0000'}`), zone);
	}
	if (iso !== null) {
		const [, year, month, day, clock, fraction = '0', zone] = iso;
		const offset = (zone ?? 'Z').replace(/(\d\d):?(\d\d)$/, '$1:$2');
		return believed(Date.parse(`${year}-${month}-${day}T${clock}.${fraction}${offset}`), zone);
	}
	if (isJson) {
		const [, seconds = NaN, milliseconds = 0, fraction = 0] = NUMBER.exec(head) ?? [];
		return believed(1000 * seconds + Number(milliseconds) + Math.floor(1000 * fraction), 'Z');
	}
	const syslog = SYSLOG.exec(head);
	return syslog === null ? NaN : withoutYear(syslog, now);
}

// In this year, or in the last where that would be in the future.
function withoutYear([, day, clock], now) {
	const year = new Date(now).getUTCFullYear();
	const time = Date.parse(`${day} ${year} ${clock} +0000`);
	return time - now > ZONES ? Date.parse(`${day} ${year - 1} ${clock} +0000`) : time;
}
