// The token: in memory, and in the tab's session storage if asked; in no address, no link and no message of ours.

const KEY = 'logtap.token';

// How long before its end a new one is asked for: a minute, or a fifth of a short one's time.
const NOTICE = 60_000;

// A timer of more days than that fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

// Holds the token there is. Fires `change` when there is another one, `ending` when it is about to run out, and
// `refused` when the server does not take it.
export class Token extends EventTarget {
	#value = sessionStorage.getItem(KEY);
	#timer = 0;
	// Why the server does not take the token; null while it does, as far as is known.
	refusal = null;

	get value() {
		return this.#value;
	}

	get isKept() {
		return sessionStorage.getItem(KEY) !== null;
	}

	// When it runs out, in milliseconds; NaN where it does not say so.
	get ends() {
		return 1000 * this.#claims.exp;
	}

	get subject() {
		return this.#claims.sub;
	}

	// What it says of itself. The server alone checks it; this is for the reader's eyes.
	get #claims() {
		return claimsOf(this.#value);
	}

	set(value, keep) {
		const sameSubject = this.#value !== null && claimsOf(value).sub === this.subject;
		this.#value = value;
		this.refusal = null;
		if (keep) {
			sessionStorage.setItem(KEY, value);
		} else {
			sessionStorage.removeItem(KEY);
		}
		this.#watch();
		this.dispatchEvent(new CustomEvent('change', { detail: sameSubject }));
	}

	forget() {
		clearTimeout(this.#timer);
		this.#value = null;
		sessionStorage.removeItem(KEY);
	}

	// The server has refused that one; another that came meanwhile is not concerned.
	refuse(value, why) {
		if (value === this.#value && this.refusal === null) {
			this.refusal = why;
			clearTimeout(this.#timer);
			this.dispatchEvent(new Event('refused'));
		}
	}

	#watch() {
		clearTimeout(this.#timer);
		const { iat, exp } = this.#claims;
		if (typeof exp === 'number') {
			const whole = 1000 * (exp - (typeof iat === 'number' ? iat : Date.now() / 1000));
			const wait = this.ends - Date.now() - Math.min(NOTICE, whole / 5);
			this.#timer = setTimeout(() => this.#remind(), Math.min(Math.max(wait, 0), LONGEST_TIMER));
		}
	}

	#remind() {
		if (this.ends - Date.now() > LONGEST_TIMER) {
			this.#watch();
		} else {
			this.dispatchEvent(new Event('ending'));
		}
	}

	start() {
		if (this.#value !== null) {
			this.#watch();
		}
	}
}

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
