// How long to wait before the next attempt: up to twice as long each time, half a minute at most, each time by lot, so
// that the pages of a server that comes back do not all come at once.

const LEAST = 500;
const MOST = 30_000;

export class Backoff {
	#bound = LEAST;

	next() {
		this.#bound = Math.min(2 * this.#bound, MOST);
		return LEAST + Math.random() * (this.#bound - LEAST);
	}

	reset() {
		this.#bound = LEAST;
	}
}
