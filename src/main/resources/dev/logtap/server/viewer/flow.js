// The way of a line: inbox, ring, sieve, lists. In slices, so that the page answers however much comes. Paused, or where the
// next line would push out what somebody reads, it stays in the inbox.

import { levelIn, levelOf, NONE, WARN } from './level.js';
import { GAP, LINE, PART } from './ring.js';
import { later, SLICE } from './slices.js';
import { timeOf } from './stamp.js';

// Lines between two looks at the clock.
const PORTION = 64;

// More than that is not put in between other lines: it would take too long at once.
const MOST_MERGED = 1000;

export class Flow {
	#inbox;
	#ring;
	#sieve;
	#lists = [];
	#onProgress;
	#isDue = false;
	#isPaused = false;

	constructor(inbox, ring, sieve, onProgress) {
		this.#inbox = inbox;
		this.#ring = ring;
		this.#sieve = sieve;
		this.#onProgress = onProgress;
	}

	get isPaused() {
		return this.#isPaused;
	}

	pause(isPaused) {
		this.#isPaused = isPaused;
		this.wake();
	}

	// Other lists, or other rules: everything is looked at again.
	show(lists) {
		this.#lists = lists;
		this.#sieve.restart(lists);
		this.wake();
	}

	forget(source) {
		this.#inbox.forget(source);
		this.#ring.forget(source);
		this.#sieve.restart(this.#lists);
		this.wake();
	}

	wake() {
		if (!this.#isDue) {
			this.#isDue = true;
			later(() => this.#slice());
		}
	}

	#slice() {
		this.#isDue = false;
		const end = performance.now() + SLICE;
		let didSome = false;
		let more = true;
		while (more && performance.now() < end) {
			more = this.#step();
			didSome ||= more;
		}
		if (didSome) {
			this.#onProgress();
		}
		if (more) {
			this.wake();
		}
	}

	// Does a little; false where nothing is to be done.
	#step() {
		if (!this.#sieve.isDone) {
			this.#sieve.step(PORTION);
			return true;
		}
		return !this.#isPaused && !this.#inbox.isEmpty && this.#take();
	}

	// Takes some lines of the first message; false where there is no room.
	#take() {
		const message = this.#inbox.peek();
		const { items } = message;
		if (message.isBeginning && message.taken === 0 && items.length <= MOST_MERGED) {
			return this.#merge(message);
		}
		if (message.gap !== null) {
			this.#ring.push(...gapLine(message));
			message.gap = null;
		}
		const from = message.taken;
		const end = Math.min(items.length, from + PORTION);
		let next = from;
		for (; next < end; next++) {
			const line = this.#lineOf(message, next);
			if (this.#holds(1, line[2].length)) {
				break;
			}
			this.#ring.push(...line);
		}
		this.#inbox.take(next - from);
		this.#finish(message);
		return next > from || items.length === 0;
	}

	#finish(message) {
		if (message.taken === message.items.length) {
			message.source.isInPart = message.isPartial;
			this.#inbox.drop();
		}
	}

	// Whether a line that had to go for so many others is being read.
	#holds(count, length) {
		const dropped = this.#ring.wouldDrop(count, length);
		return dropped >= 0 && this.#lists.some((list) => list.keepsFrom <= dropped);
	}

	// What a stream begins with, or catches up on, belongs between what others have brought: it is put there by its times. The
	// order of its own lines stays.
	#merge(message) {
		const { source, items } = message;
		const lines = [];
		for (let i = 0; i < items.length; i++) {
			lines.push(this.#lineOf(message, i));
		}
		if (this.#holds(items.length, message.size)) {
			return false;
		}
		const first = lines.length > 0 ? lines[0][3] : Infinity;
		if (message.gap !== null) {
			lines.unshift(gapLine(message, first));
		}
		const place = this.#ring.placeFor(source, first);
		const others = place < this.#ring.next ? this.#ring.takeFrom(place) : [];
		if (others.length > 0) {
			this.#sieve.rewind(place);
		}
		let next = 0;
		for (const line of lines) {
			while (next < others.length && others[next][3] <= line[3]) {
				this.#ring.push(...others[next++]);
			}
			this.#ring.push(...line);
		}
		while (next < others.length) {
			this.#ring.push(...others[next++]);
		}
		this.#inbox.take(items.length);
		this.#finish(message);
		return true;
	}

	#lineOf({ source, items }, i) {
		const item = items[i];
		const now = Date.now();
		if (typeof item !== 'string') {
			const time = Date.parse(item.timestamp);
			const text = item.message ?? '';
			const level = levelOf(item.severity ?? '') || levelIn(text);
			source.time = Number.isNaN(time) ? now : time;
			return [source, LINE, text, source.time, level, item];
		}
		if (i === 0 && source.isInPart) {
			return [source, PART, item, source.time, NONE, null];
		}
		const time = timeOf(item, now);
		// A line without a stamp goes with the one before it, as in a stack trace; where none has one, with its arrival.
		source.hasStamps ||= !Number.isNaN(time);
		source.time = Number.isNaN(time) ? (source.hasStamps ? source.time : now) : time;
		return [source, LINE, item, source.time, levelIn(item), null];
	}
}

function gapLine({ source, gap, dropped }, time = Infinity) {
	const text = dropped > 0 ? `${gap} (${dropped} dropped)` : gap;
	return [source, GAP, text, Number.isFinite(time) ? time : Date.now(), WARN, null];
}
