// The way of a line: inbox, ring, sieve, lists. In slices, so that the page answers however much comes. Paused, or where the
// next line would push out what somebody reads, it stays in the inbox.

import { levelIn, levelOf, NONE, WARN } from './level.js';
import { sizeOf } from './ring.js';
import { timeOf } from './stamp.js';

// How long one slice may take, in milliseconds: with what else a frame needs that stays well below 50.
const SLICE = 8;

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

	// A timer would wait 4 ms, and a second where the tab is not seen. A message to ourselves waits for neither.
	#alarm = new MessageChannel();

	isPaused = false;

	constructor(inbox, ring, sieve, onProgress) {
		this.#inbox = inbox;
		this.#ring = ring;
		this.#sieve = sieve;
		this.#onProgress = onProgress;
		this.#alarm.port1.onmessage = () => this.#slice();
	}

	pause(isPaused) {
		this.isPaused = isPaused;
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
		source.reset();
		this.show(this.#lists);
	}

	wake() {
		if (!this.#isDue) {
			this.#isDue = true;
			this.#alarm.port2.postMessage(null);
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

	#step() {
		if (!this.#sieve.isDone) {
			this.#sieve.step(PORTION);
			return true;
		}
		return !this.isPaused && !this.#inbox.isEmpty && this.#take();
	}

	#take() {
		const message = this.#inbox.peek();
		const { items, taken } = message;
		if (message.isBeginning && taken === 0 && items.length <= MOST_MERGED) {
			return this.#merge(message);
		}
		if (message.gap !== null) {
			this.#ring.push(gapLine(message, Date.now()));
			message.gap = null;
		}
		const end = Math.min(items.length, taken + PORTION);
		let next = taken;
		for (; next < end; next++) {
			const line = lineOf(message, next);
			if (this.#holds(1, line.size)) {
				break;
			}
			this.#ring.push(line);
		}
		this.#done(message, next - taken);
		return next > taken || items.length === 0;
	}

	#done(message, lines) {
		this.#inbox.take(lines);
		if (message.taken === message.items.length) {
			message.source.isInPart = message.isPartial;
			this.#inbox.drop();
		}
	}

	// Whether a line that had to go for so many others is being read.
	#holds(count, size) {
		const dropped = this.#ring.wouldDrop(count, size);
		return dropped >= 0 && this.#lists.some((list) => list.keepsFrom <= dropped);
	}

	// What a stream begins with, or catches up on, belongs between what others have brought: it is put there by its times. The
	// order of its own lines stays.
	#merge(message) {
		const { source, items } = message;
		if (this.#holds(items.length, message.size)) {
			return false;
		}
		const lines = items.map((_, i) => lineOf(message, i));
		const first = lines[0]?.time ?? Date.now();
		if (message.gap !== null) {
			lines.unshift(gapLine(message, first));
		}
		const place = this.#ring.placeFor(source, first);
		const others = this.#ring.takeFrom(place);
		if (others.length > 0) {
			this.#sieve.rewind(place);
		}
		let next = 0;
		for (const line of lines) {
			while (next < others.length && others[next].time <= line.time) {
				this.#ring.push(others[next++]);
			}
			this.#ring.push(line);
		}
		others.slice(next).forEach((line) => this.#ring.push(line));
		this.#done(message, items.length);
		return true;
	}
}

function lineOf({ source, items }, i) {
	const item = items[i];
	const now = Date.now();
	const line = { source, kind: 'line', text: item, time: now, level: NONE, data: null, size: sizeOf(item) };
	if (typeof item !== 'string') {
		line.text = item.message ?? '';
		line.data = item;
		line.level = levelOf(item.severity ?? '') || levelIn(line.text);
		line.time = Date.parse(item.timestamp) || now;
	} else if (i === 0 && source.isInPart) {
		line.kind = 'part';
		line.time = source.time;
	} else {
		line.level = levelIn(item);
		const time = timeOf(item, now);
		// A line without a stamp goes with the one before it, as in a stack trace; where none has one, with its arrival.
		source.hasStamps ||= !Number.isNaN(time);
		line.time = Number.isNaN(time) ? (source.hasStamps ? source.time : now) : time;
	}
	source.time = line.time;
	return line;
}

function gapLine({ source, gap, dropped }, time) {
	const text = dropped > 0 ? `${gap} (${dropped} dropped)` : gap;
	return { source, kind: 'gap', text, time, level: WARN, data: null, size: sizeOf(text) };
}
