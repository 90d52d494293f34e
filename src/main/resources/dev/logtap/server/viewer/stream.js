// Keeps one source's stream up: connects, hands on what comes, and comes back behind what was handed on last.

import { streamAddress } from './address.js';
import { namesFor, Refusal } from './names.js';
import { sizeOf } from './ring.js';

const HISTORY = 500;

// Between two attempts; by lot, so that the pages of a server that comes back do not all come at once.
const LEAST_WAIT = 500;
const MOST_WAIT = 30_000;

// So often the server is asked whether it is still there; one that has said nothing since is given up.
const PING = 30_000;

// An environment's history comes entry by entry: what comes in so long is put in its place at once.
const QUIET = 300;

// Clocks differ, and of an environment that had no entry yet nothing can come twice.
const SKEW = 5_000;

const PEACE = 10_000;

const UNKNOWN = 4000;
const UNAUTHORIZED = 4001;
const FORBIDDEN = 4003;
const BROKEN = 1011;
const TRY_LATER = 1013;

const COLOURS = 6;

// One log or environment of the server: what it is called, and how its stream stands.
export class Source {
	state = 'off';
	detail = '';

	constructor({ id, name, isRelay }, index) {
		this.id = id;
		this.name = name;
		this.isRelay = isRelay;
		this.colour = index % COLOURS;
		this.reset();
	}

	reset() {
		// Of the last line: when it was, whether any had a stamp, whether the line goes on in the next part.
		this.time = 0;
		this.hasStamps = false;
		this.isInPart = false;
	}
}

// The states it sets, of which it tells by `onState`:
// `connecting`, `live`, `waiting` (for the next attempt), `parked` (there is no room for more), `token` (another one is
// needed), `refused` (trying again would be no use), `off`.
export class Stream {
	#token;
	#inbox;
	#onState;
	#socket = null;
	#wait = LEAST_WAIT;
	#timer = 0;
	#pings = 0;
	#isSilent = false;

	// Behind what was put into the inbox last; null where nothing was.
	#cursor = null;

	// An environment has no cursor before its first entry: until then, when it had none.
	#emptyUntil = null;

	#lost = null;

	// Whether the next lines follow a break: they may be older than what other sources brought meanwhile.
	#isBeginning = true;

	#history = [];
	#historyTimer = 0;

	constructor(source, token, inbox, onState) {
		this.source = source;
		this.#token = token;
		this.#inbox = inbox;
		this.#onState = onState;
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

	renew(sameSubject) {
		if (this.source.state === 'live' && sameSubject) {
			this.#socket.send(JSON.stringify({ type: 'token', token: this.#token.value }));
		} else if (this.source.state !== 'parked') {
			this.open();
		}
	}

	unpark() {
		if (this.source.state === 'parked') {
			this.open();
		}
	}

	#address() {
		const { isRelay, name } = this.source;
		const parameters = { lines: HISTORY };
		if (this.#cursor !== null) {
			parameters.cursor = this.#cursor;
		} else if (this.#emptyUntil !== null) {
			parameters.lastTimestamp = new Date(this.#emptyUntil).toISOString();
		}
		return streamAddress(isRelay, name, parameters);
	}

	#say(state, detail = '') {
		this.source.state = state;
		this.source.detail = detail;
		this.#onState(this.source);
	}

	#hangUp() {
		clearTimeout(this.#timer);
		clearInterval(this.#pings);
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
		this.#isSilent = false;
		this.#pings = setInterval(() => this.#ping(), PING);
	}

	#ping() {
		if (this.#isSilent) {
			this.#hangUp();
			this.#retry('the server is silent');
		} else {
			this.#isSilent = true;
			this.#socket.send('{"type":"ping"}');
		}
	}

	#take(text) {
		this.#isSilent = false;
		const message = JSON.parse(text);
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
			this.#say(this.source.state, message.message);
		}
	}

	#live(detail = '') {
		const { state, detail: before } = this.source;
		if (state !== 'live') {
			this.#wait = LEAST_WAIT;
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
			this.#history.push(data);
			this.#historyTimer ||= setTimeout(() => this.#endHistory(), QUIET);
		} else {
			this.#put([data], {});
		}
	}

	#endHistory() {
		clearTimeout(this.#historyTimer);
		this.#historyTimer = 0;
		const history = this.#history;
		this.#history = [];
		if (history.length > 0) {
			this.#put(history, {});
		}
	}

	#put(items, { gap = null, dropped, isPartial = false }) {
		const message = {
			source: this.source,
			items,
			gap: gap ?? this.#lost,
			dropped,
			isPartial,
			isBeginning: this.#isBeginning,
			taken: 0,
			size: items.reduce((sum, item) => sum + sizeOf(item), sizeOf('')),
		};
		this.#lost = null;
		this.#isBeginning = false;
		if ((items.length > 0 || message.gap !== null) && !this.#inbox.put(message) && this.#socket !== null) {
			this.#hangUp();
			this.#say('parked');
		}
	}

	// ---- why it ends

	#ended(code, reason, used) {
		const why = reason || this.source.detail || `the connection ended (${code})`;
		if (code === UNAUTHORIZED) {
			this.#unauthorized(why, used);
		} else if (code === UNKNOWN) {
			this.#unknown(why);
		} else if (code === FORBIDDEN || (code === BROKEN && this.source.isRelay)) {
			this.#say('refused', why);
		} else {
			// Of a log, what is broken is a file that can't be read now.
			this.#retry(why, code === BROKEN || code === TRY_LATER ? PEACE : 0);
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
		const why = await reasonOf(used);
		if (this.#socket !== null || this.source.state !== 'connecting') {
			return;
		}
		if (why.status === 401) {
			this.#unauthorized(why.sentence, used);
		} else {
			this.#retry(why.sentence);
		}
	}

	#retry(why, atLeast = 0) {
		this.#say('waiting', why);
		this.#wait = Math.min(2 * this.#wait, MOST_WAIT);
		const wait = LEAST_WAIT + Math.random() * (this.#wait - LEAST_WAIT);
		this.#timer = setTimeout(() => this.open(), Math.max(wait, atLeast));
	}
}

async function reasonOf(token) {
	try {
		await namesFor(token);
		return { status: 200, sentence: `the server answers, but takes no stream; it may need --allow-origin ${location.origin}` };
	} catch (e) {
		return e instanceof Refusal ? { status: e.status, sentence: e.message } : { sentence: 'the server can’t be reached' };
	}
}
