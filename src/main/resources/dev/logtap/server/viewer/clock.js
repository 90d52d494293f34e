// Times as they are shown.

const two = (n) => (n < 10 ? '0' : '') + n;

// The parts of a time, in UTC or where the reader is.
function parts(time, utc) {
	// Shifted by the zone's offset, the UTC parts are the local ones.
	const date = new Date(time);
	return utc ? date : new Date(time - date.getTimezoneOffset() * 60_000);
}

// `01:02:03.004`, or less where a stamp has only seconds; a line of another day than today's has `11-23 01:02:03`.
export function shortTime(time, utc, now) {
	if (Number.isNaN(time)) {
		return '';
	}
	const date = parts(time, utc);
	const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
	const today = parts(now, utc);
	if (date.getUTCDate() === today.getUTCDate() && Math.abs(now - time) < 86_400_000) {
		const milliseconds = date.getUTCMilliseconds();
		return milliseconds === 0 ? clock : clock + '.' + String(milliseconds).padStart(3, '0');
	}
	return `${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ${clock}`;
}

// `2026-11-23 01:02:03.004 +01:00`.
export function longTime(time, utc) {
	const date = parts(time, utc);
	const offset = utc ? 0 : -new Date(time).getTimezoneOffset();
	const size = Math.abs(offset);
	const zone = utc ? 'UTC' : `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
	return date.toISOString().slice(0, 23).replace('T', ' ') + ' ' + zone;
}

// `01:02` or `01:02:03`, with the day where a span is longer than one.
export function axisTime(time, utc, span) {
	const text = parts(time, utc).toISOString();
	const day = text.slice(5, 10);
	return span > 3 * 86_400_000 ? day : span > 86_400_000 ? `${day} ${text.slice(11, 16)}` : text.slice(11, span > 7_200_000 ? 16 : 19);
}

// How long, in the largest unit that says it: `42 s`, `3 min`, `2 h`.
export function duration(milliseconds) {
	const seconds = Math.max(0, Math.round(milliseconds / 1000));
	if (seconds < 100) {
		return seconds + ' s';
	}
	const minutes = Math.round(seconds / 60);
	return minutes < 100 ? minutes + ' min' : minutes < 48 * 60 ? Math.round(minutes / 60) + ' h' : Math.round(minutes / 1440) + ' days';
}
