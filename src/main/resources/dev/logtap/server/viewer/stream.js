// Keeps one source's stream up: connects, hands on what comes, and comes back behind what was handed on last.

import { streamAddress } from './address.js';
import { Backoff } from './backoff.js';
import { namesFor, Refusal } from './names.js';

// Lines to begin with: as many as a server gives.
const HISTORY = 500;

// A server that says nothing for so long is asked, and one that does not answer is given up.
const PING_AFTER = 25_000;
const GIVE_UP_AFTER = 60_000;

// An environment's history comes entry by entry, and has an end when nothing comes for so long.
const QUIET = 150;

// Clocks differ, and of an environment that had no entry yet nothing can come twice.
const SKEW = 5_000;

// For a server that wants to be left in peace.
const PEACE = 10_000;

const UNKNOWN = 4000;
const UNAUTHORIZED = 4001;
const FORBIDDEN = 4003;
const BROKEN = 1011;
const TRY_LATER = 1013;
const CUT = 1006;

// Of colours there are so many; then they come again.
const COLOURS = 8;

// One log or environment of the server: what it is called, and how its stream stands.
export class Source {
	state = 'off';
	detail = '';
	count = 0;

	// Of the last line: when it was, whether any had a stamp, whether the line goes on in the next part.
	time = 0;
	hasStamps = false;
	isInPart = false;

	constructor({ id, name, isRelay }, index) {
		this.id = id;
		this.name = name;
		this.isRelay = isRelay;
		this.colour = index % COLOURS;
	}
}

// The states it sets, of which it tells by `onState`:
// `connecting`, `live`, `waiting` (for the next attempt), `parked` (there is no room for more), `token` (another one is
// needed), `refused` (trying again would be no use), `off`.
export class Stream {
	#source;
	#token;
	#inbox;
	#onState;
	#socket = null;
	#backoff = new Backoff();
	#timer = 0;
	#watchdog = 0;
	#heard = 0;
	#isPinged = false;

	// What is being found out about a connection that failed; another one where things went on meanwhile.
	#attempt = null;

	// Behind what was put into the inbox last; null where nothing was.
	#cursor = null;

	// An environment has no cursor before its first entry: until then, when it had none.
	#emptyUntil = null;

	#lost = null;

	// Whether the next lines follow a break: they may be older than what other sources brought meanwhile.
	#isBeginning = true;

	#history = null;
	#historyTimer = 0;

	constructor(source, token, inbox, onState) {
		this.#source = source;
		this.#token = token;
		this.#inbox = inbox;
		this.#onState = onState;
	}

	get source() {
		return this.#source;
	}

	open() {
		this.#hangUp();
		const used = this.#token.value;
		this.#say('connecting');
		// The token is a subprotocol: so it stands in no address, and in nobody's log.
		const socket = new WebSocket(this.#address(), ['logtap', 'bearer.' + used]);
		let wasOpen = false;
		this.#socket = socket;
		this.#isBeginning = true;
		socket.onopen = () => {
			wasOpen = true;
			this.#listen();
		};
		socket.onmessage = (event) => this.#take(event.data);
		socket.onclose = (event) => {
			this.#hangUp();
			if (wasOpen) {
				this.#ended(event.code, event.reason, used);
			} else {
				this.#unreached(used);
			}
		};
	}

	close() {
		this.#hangUp();
		this.#say('off');
	}

	// There is a new token: an open stream goes on with it, others come back with it.
	renew(sameSubject) {
		if (this.#source.state === 'live' && sameSubject) {
			this.#socket.send(JSON.stringify({ type: 'token', token: this.#token.value }));
		} else if (this.#source.state !== 'parked') {
			this.open();
		}
	}

	unpark() {
		if (this.#source.state === 'parked') {
			this.open();
		}
	}

	// Tries at once what would be tried in a while.
	retryNow() {
		if (this.#source.state === 'waiting') {
			this.open();
		}
	}

	#address() {
		const { isRelay, name } = this.#source;
		const parameters = { lines: HISTORY };
		if (this.#cursor !== null) {
			parameters.cursor = this.#cursor;
		} else if (this.#emptyUntil !== null) {
			parameters.lastTimestamp = new Date(this.#emptyUntil).toISOString();
		}
		return streamAddress(isRelay, name, parameters);
	}

	#say(state, detail = '') {
		this.#source.state = state;
		this.#source.detail = detail;
		this.#onState(this.#source);
	}

	#hangUp() {
		this.#attempt = null;
		clearTimeout(this.#timer);
		clearInterval(this.#watchdog);
		this.#endHistory();
		const socket = this.#socket;
		this.#socket = null;
		if (socket !== null) {
			socket.onopen = socket.onmessage = socket.onclose = null;
			socket.close();
		}
	}

	// ---- what comes

	#listen() {
		this.#heard = Date.now();
		this.#isPinged = false;
		this.#watchdog = setInterval(() => this.#look(), 5_000);
	}

	#look() {
		const silent = Date.now() - this.#heard;
		if (this.#isPinged && silent > GIVE_UP_AFTER) {
			this.#hangUp();
			this.#retry('the server is silent');
		} else if (!this.#isPinged && silent > PING_AFTER) {
			this.#isPinged = true;
			this.#heard = Math.max(this.#heard, Date.now() - PING_AFTER);
			this.#socket.send('{"type":"ping"}');
		}
	}

	#take(text) {
		this.#heard = Date.now();
		this.#isPinged = false;
		let message;
		try {
			message = JSON.parse(text);
		} catch {
			this.#hangUp();
			this.#say('refused', 'what the server sends can’t be read');
			return;
		}
		if (message.lines !== undefined) {
			this.#live();
			this.#takeLines(message);
		} else if (message.type === 'log') {
			this.#live();
			this.#takeEntry(message);
		} else if (message.type === 'gap') {
			this.#lost = null;
			this.#endHistory();
			this.#put([], { gap: message.message, dropped: message.dropped });
		} else if (message.type === 'status') {
			this.#emptyUntil ??= Date.now() - SKEW;
			this.#live(message.message === 'connected' ? '' : message.message);
		} else if (message.type === 'heartbeat') {
			this.#emptyUntil = Date.parse(message.timestamp) - SKEW || this.#emptyUntil;
		} else if (message.type === 'error') {
			// Of a stream that stays open, or the reason that a close frame will have too.
			this.#say(this.#source.state, message.message);
		}
	}

	#live(detail = '') {
		const { state, detail: before } = this.#source;
		if (state !== 'live') {
			this.#backoff.reset();
		}
		if (state !== 'live' || detail !== before) {
			this.#say('live', detail);
		}
	}

	#takeLines({ lines, cursor, gap, partial }) {
		const before = this.#lost;
		this.#lost = null;
		this.#cursor = cursor;
		this.#put(lines, { gap: gap ?? before, isPartial: partial === true });
	}

	#takeEntry({ data, cursor }) {
		this.#cursor = cursor ?? this.#cursor;
		if (this.#isBeginning) {
			this.#history ??= [];
			this.#history.push(data);
			clearTimeout(this.#historyTimer);
			if (this.#history.length < HISTORY) {
				this.#historyTimer = setTimeout(() => this.#endHistory(), QUIET);
			} else {
				this.#endHistory();
			}
		} else {
			this.#put([data], {});
		}
	}

	#endHistory() {
		clearTimeout(this.#historyTimer);
		const history = this.#history;
		this.#history = null;
		if (history !== null) {
			this.#put(history, {});
		}
	}

	#put(items, { gap = null, dropped, isPartial = false }) {
		const message = {
			source: this.#source,
			items,
			gap: gap ?? this.#lost,
			dropped,
			isPartial,
			isBeginning: this.#isBeginning,
			taken: 0,
			size: items.reduce((sum, item) => sum + (typeof item === 'string' ? item.length : item.message?.length ?? 0) + 64, 64),
		};
		this.#lost = null;
		this.#isBeginning = false;
		this.#source.count += items.length;
		if ((items.length > 0 || message.gap !== null) && !this.#inbox.put(message) && this.#socket !== null) {
			this.#hangUp();
			this.#say('parked');
		}
	}

	// ---- why it ends

	#ended(code, reason, used) {
		const why = reason || this.#source.detail || `the connection ended (${code})`;
		switch (code) {
			case UNAUTHORIZED:
				this.#unauthorized(why, used);
				break;
			case FORBIDDEN:
				this.#say('refused', why);
				break;
			case UNKNOWN:
				this.#unknown(why);
				break;
			case BROKEN:
				// Of a log it is a file that can't be read now; of an environment something that waiting does not mend.
				if (this.#source.isRelay) {
					this.#say('refused', why);
				} else {
					this.#retry(why, PEACE);
				}
				break;
			case TRY_LATER:
				this.#retry(why, PEACE);
				break;
			case CUT:
				this.#retry(reason || 'the connection was cut');
				break;
			default:
				this.#retry(why);
		}
	}

	#unauthorized(why, used) {
		if (this.#token.value !== used) {
			this.open();
			return;
		}
		this.#say('token', why);
		this.#token.refuse(used, why);
	}

	// A place that the server does not know is a loss; a log that it does not know is the end.
	#unknown(why) {
		if (this.#cursor === null) {
			this.#say('refused', why);
			return;
		}
		this.#cursor = null;
		this.#lost = `the server can’t go on where it was: ${why}`;
		this.open();
	}

	// A browser does not say why there was no handshake: the same server is asked in a way whose answer it shows.
	async #unreached(used) {
		this.#say('connecting');
		const attempt = (this.#attempt = {});
		const why = await reasonOf(used);
		if (this.#attempt !== attempt) {
			return;
		}
		if (why.unauthorized) {
			this.#unauthorized(why.sentence, used);
		} else {
			this.#retry(why.sentence);
		}
	}

	#retry(why, atLeast = 0) {
		this.#say('waiting', why);
		this.#timer = setTimeout(() => this.open(), Math.max(this.#backoff.next(), atLeast));
	}
}

async function reasonOf(token) {
	try {
		await namesFor(token);
		const sentence = `the server answers, but takes no stream from ${location.origin}; it may need --allow-origin ${location.origin}`;
		return { unauthorized: false, sentence };
	} catch (e) {
		const isRefusal = e instanceof Refusal;
		return { unauthorized: isRefusal && e.status === 401, sentence: isRefusal ? e.message : 'the server can’t be reached' };
	}
}
