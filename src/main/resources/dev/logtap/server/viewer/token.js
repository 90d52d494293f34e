// The token: in memory, and in the tab's session storage if asked; in no address, no link and no message of ours.

import { fire } from './dom.js';

const KEY = 'logtap.token';

// How long before its end a new one is asked for: a minute, or a third of a short one's time.
const NOTICE = 60_000;

// Holds the token there is. Fires `change` when there is another one, `ending` when it is about to run out, and
// `refused` when the server does not take it.
export class Token extends EventTarget {
	#value = sessionStorage.getItem(KEY);

	// When a new one is to be asked for; NaN for never.
	#asksAt = NaN;
	refusal = null;

	get value() {
		return this.#value;
	}

	get isKept() {
		return sessionStorage.getItem(KEY) !== null;
	}

	set(value, keep) {
		const { sub, iat, exp } = claimsOf(value);
		const isSameSubject = this.#value !== null && claimsOf(this.#value).sub === sub;
		this.#asksAt = 1000 * exp - Math.min(NOTICE, (1000 * exp - (1000 * iat || Date.now())) / 3);
		this.#value = value;
		this.refusal = null;
		if (keep) {
			sessionStorage.setItem(KEY, value);
		} else {
			sessionStorage.removeItem(KEY);
		}
		fire(this, 'change', isSameSubject);
	}

	// The server has refused that one; another that came meanwhile is not concerned.
	refuse(value, why) {
		if (value === this.#value && this.refusal === null) {
			this.refusal = why;
			this.#asksAt = NaN;
			fire(this, 'refused');
		}
	}

	tick() {
		if (Date.now() > this.#asksAt) {
			this.#asksAt = NaN;
			fire(this, 'ending');
		}
	}
}

// What a token says of itself. The server alone checks it; this is only to know when to ask for another.
function claimsOf(token) {
	try {
		const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
		const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
		return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
	} catch {
		// No token of the usual make; the server will say what is wrong with it.
		return {};
	}
}
