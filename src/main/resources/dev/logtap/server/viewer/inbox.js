// What has come and was not taken yet. Bounded: a browser can't be told to read its sockets more slowly, so a stream that
// finds the inbox full hangs up, and comes back with its cursor when there is room. The server keeps the place.

// In characters: some seconds of a flood, and a pause of a usual log's hours.
const MOST = 8 << 20;

// So many places may be left over at the beginning before they are cut off.
const SPARE = 1000;

export class Inbox {
	#messages = [];
	#first = 0;
	#size = 0;
	#lines = 0;
	#wasFull = false;
	#onMail;
	#onRoom;

	// @param onMail called when something was put in
	// @param onRoom called when one that was full has room again
	constructor(onMail, onRoom) {
		this.#onMail = onMail;
		this.#onRoom = onRoom;
	}

	get lines() {
		return this.#lines;
	}

	get isEmpty() {
		return this.#first === this.#messages.length;
	}

	// Puts a message; whether there is room for another.
	put(message) {
		this.#messages.push(message);
		this.#size += message.size;
		this.#lines += message.items.length;
		this.#wasFull ||= this.#size > MOST;
		this.#onMail();
		return !this.#wasFull;
	}

	// The first message; it stays until it is done.
	peek() {
		return this.#messages[this.#first];
	}

	// So many more lines of the first message were taken.
	take(lines) {
		this.peek().taken += lines;
		this.#lines -= lines;
	}

	drop() {
		this.#size -= this.peek().size;
		this.#messages[this.#first++] = undefined;
		if (this.#first > SPARE && this.#first * 2 > this.#messages.length) {
			this.#messages = this.#messages.slice(this.#first);
			this.#first = 0;
		}
		this.#look();
	}

	// Much has to be taken first: who hangs up and comes back for every line does nothing else.
	#look() {
		if (this.#wasFull && this.#size < MOST / 4) {
			this.#wasFull = false;
			this.#onRoom();
		}
	}

	forget(source) {
		const kept = this.#messages.slice(this.#first).filter((message) => message.source !== source);
		this.#messages = kept;
		this.#first = 0;
		this.#size = kept.reduce((sum, message) => sum + message.size, 0);
		this.#lines = kept.reduce((sum, message) => sum + message.items.length - message.taken, 0);
		this.#look();
	}
}
