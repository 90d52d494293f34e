// Where the server is, and what is asked of it. Relative to the page, so that a proxy may serve it below a path.

const base = new URL('.', location.href);
base.hash = '';
base.search = '';

// An environment is called in a link as on the command line.
const RELAY = 'railway:';

export function environment(name) {
	return { id: RELAY + name, name, isRelay: true };
}

export function named(id) {
	return id.startsWith(RELAY) ? environment(id.slice(RELAY.length)) : { id, name: id, isRelay: false };
}

export function namesAddress() {
	return new URL('api/v1/server/logs', base).href;
}

export function streamAddress(isRelay, name, parameters) {
	const path = isRelay
		? `api/environments/${encodeURIComponent(name)}/logs/stream`
		: `api/v1/server/logs/${encodeURIComponent(name)}/ws`;
	const address = new URL(path, base);
	address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
	address.search = new URLSearchParams(parameters).toString();
	return address.href;
}

export function linkTo(fragment) {
	return base.href + (fragment ? '#' + fragment : '');
}
