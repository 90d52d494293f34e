// What has come and was not taken yet. Bounded: a browser can't be told to read its sockets more slowly, so a stream that
// finds the inbox full hangs up, and comes back with its cursor when there is room. The server keeps the place.

// In characters: some seconds of a flood, and a pause of a usual log's hours.
const MOST = 8 << 20;

export class Inbox {
	#messages = [];
	#size = 0;
	#wasFull = false;
	#onMail;
	#onRoom;

	lines = 0;

	constructor(onMail, onRoom) {
		this.#onMail = onMail;
		this.#onRoom = onRoom;
	}

	get isEmpty() {
		return this.#messages.length === 0;
	}

	put(message) {
		this.#messages.push(message);
		this.#size += message.size;
		this.lines += message.items.length;
		this.#wasFull ||= this.#size > MOST;
		this.#onMail();
		return !this.#wasFull;
	}

	// The first message; it stays until it is done.
	peek() {
		return this.#messages[0];
	}

	take(lines) {
		this.peek().taken += lines;
		this.lines -= lines;
	}

	drop() {
		this.#size -= this.#messages.shift().size;
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
		this.#messages = this.#messages.filter((message) => message.source !== source);
		this.#size = this.#messages.reduce((sum, { size }) => sum + size, 0);
		this.lines = this.#messages.reduce((sum, { items, taken }) => sum + items.length - taken, 0);
		this.#look();
	}
}
