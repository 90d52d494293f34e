// Where the server is, and what is asked of it. Relative to the page, so that a proxy may serve it below a path.

const base = new URL('.', location.href);
base.hash = '';
base.search = '';

// What a source is called in a link: an environment's name behind `railway:`, as on the command line.
const RELAY = 'railway:';

// A log's or an environment's id from what kind it is and its name.
export function idOf(isRelay, name) {
	return isRelay ? RELAY + name : name;
}

// What an id names.
export function named(id) {
	const isRelay = id.startsWith(RELAY);
	return { id, name: isRelay ? id.slice(RELAY.length) : id, isRelay };
}

export function namesAddress() {
	return new URL('api/v1/server/logs', base).href;
}

// Where a source streams; the token is not in it.
export function streamAddress(isRelay, name, parameters) {
	const path = isRelay
		? `api/environments/${encodeURIComponent(name)}/logs/stream`
		: `api/v1/server/logs/${encodeURIComponent(name)}/ws`;
	const address = new URL(path, base);
	address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
	address.search = new URLSearchParams(parameters).toString();
	return address.href;
}

// A link to this page with that fragment.
export function linkTo(fragment) {
	return base.href + (fragment ? '#' + fragment : '');
}
