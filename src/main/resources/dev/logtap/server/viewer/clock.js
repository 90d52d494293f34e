// Times as they are shown: in UTC or where the reader is.

const DAY = 86_400_000;

// `2026-11-23T01:02:03.004`: shifted by the zone's offset, the UTC parts are the local ones.
function parts(time, utc) {
	const offset = utc ? 0 : new Date(time).getTimezoneOffset() * 60_000;
	return new Date(time - offset).toISOString().slice(0, 23);
}

// `01:02:03.004`, or less where a stamp has only seconds; a line of another day than today's has `11-23 01:02:03`.
export function shortTime(time, utc, now) {
	const text = parts(time, utc);
	return text.slice(0, 10) === parts(now, utc).slice(0, 10) ? text.slice(11).replace('.000', '') : text.slice(5, 19).replace('T', ' ');
}

export function fullTime(time, utc) {
	return parts(time, utc).slice(0, 19).replace('T', ' ');
}

// `01:02` or `01:02:03`, with the day where a span is longer than one.
export function axisTime(time, utc, span) {
	const text = fullTime(time, utc);
	return span > 3 * DAY ? text.slice(5, 10) : span > DAY ? text.slice(5, 16) : text.slice(11, span > DAY / 12 ? 16 : 19);
}
