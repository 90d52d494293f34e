// Puts the page together. Data goes one way: stream, inbox, ring, sieve, lists; what the reader does goes into the view, and
// from there to all that show it.

import { linkTo, named } from './address.js';
import { longTime } from './clock.js';
import { byId, make } from './dom.js';
import './details.js';
import { copy, download, jsonOf, textOf } from './export.js';
import { Flow } from './flow.js';
import './histogram.js';
import { Inbox } from './inbox.js';
import { listenToKeys } from './keys.js';
import { DEBUG, ERROR, INFO, NAMES, NONE, WARN } from './level.js';
import { Panes } from './panes.js';
import { Ring } from './ring.js';
import { Sieve } from './sieve.js';
import './sources.js';
import { Source, Stream } from './stream.js';
import { Theme } from './theme.js';
import { Token } from './token.js';
import { endOf } from './token-panel.js';
import { tokenIn, View } from './view.js';

// What is kept in memory, whatever comes.
const MOST_LINES = 50_000;
const MOST_CHARACTERS = 32 << 20;

// So many sources are shown where nobody has chosen any.
const MOST_UNASKED = 8;

// How long a note is seen, in milliseconds.
const NOTE = 4000;

const view = new View();
const token = new Token();

// Takes a token that the address has out of it, before anything else is done with either.
function readAddress() {
	const { token: given, rest } = tokenIn(location.hash.slice(1));
	if (given !== null) {
		history.replaceState(null, '', linkTo(rest));
	}
	view.read(rest);
	return given;
}

const given = readAddress();

// ---- the way of a line

const ring = new Ring(MOST_LINES, MOST_CHARACTERS);
const sieve = new Sieve(ring, view);
const inbox = new Inbox(() => flow.wake(), () => streams.forEach((stream) => stream.unpark()));
const flow = new Flow(inbox, ring, sieve, () => histogram.draw());
const panes = new Panes(byId('panes'), { ring, sieve, view });
const histogram = byId('histogram');
const picker = byId('sources');
const details = byId('details');
const panel = byId('token-panel');
const theme = new Theme(() => histogram.redraw());
histogram.attach(ring, sieve, view);

// What the token opens, and the streams of those that are shown, by id.
let sources = [];
const streams = new Map();

function takeNames(names) {
	const known = new Map(sources.map((source) => [source.id, source]));
	// What a link asks for beside them is asked for: the server says why it is not there.
	const others = (view.sources ?? []).filter((id) => !names.some((name) => name.id === id));
	sources = [...names, ...others.map(named)].map((name, index) => known.get(name.id) ?? new Source(name, index));
	view.sources ??= sources.length <= MOST_UNASKED ? sources.map((source) => source.id) : [];
	picker.set(sources, view.sources);
	showSources();
}

// Streams what is chosen and nothing else.
function showSources() {
	const chosen = sources.filter((source) => view.sources.includes(source.id));
	for (const [id, stream] of streams) {
		if (!chosen.includes(stream.source)) {
			stream.close();
			streams.delete(id);
			flow.forget(stream.source);
		}
	}
	panes.show(chosen, view.isSplit);
	flow.show(panes.lists);
	for (const source of chosen) {
		if (!streams.has(source.id)) {
			const stream = new Stream(source, token, inbox, onState);
			streams.set(source.id, stream);
			stream.open();
		}
	}
	tell();
}

function onState(source) {
	picker.update(source);
	tell();
}

// ---- the token

token.addEventListener('change', ({ detail }) => streams.forEach((stream) => stream.renew(detail)));
token.addEventListener('ending', () => {
	panel.ask('The token runs out soon', 'Give a new one, and the streams go on with it.', true, token.isKept);
});
token.addEventListener('refused', () => {
	const why = `The server says: ${token.refusal}. What is shown stays, and with a new token it goes on without a gap.`;
	panel.ask('A new token is needed', why, true, token.isKept);
});
panel.addEventListener('taken', ({ detail }) => {
	token.set(detail.value, detail.keep);
	takeNames(detail.names);
	panes.current?.focus();
});

function askForToken() {
	const isFirst = token.value === null;
	const why = isFirst ? 'This server shows its logs to those who have a token.' : 'It takes the place of the one there is.';
	panel.ask(isFirst ? 'Open the logs' : 'Another token', why, !isFirst, token.isKept);
}

async function start() {
	const value = given ?? token.value;
	if (value === null) {
		askForToken();
	} else if (!(await panel.offer(value, given === null)) && given === null) {
		token.forget();
	}
}

// ---- what the reader does

// By level, in the order of their keys.
const chips = [ERROR, WARN, INFO, DEBUG, NONE].map((level) => {
	const count = make('span', { className: 'count' });
	const chip = make('button', { type: 'button', className: `chip level-${NAMES[level]}` }, NAMES[level], count);
	const turn = () => view.set({ levels: view.levels.map((isShown, at) => (at === level ? !isShown : isShown)) });
	chip.addEventListener('click', turn);
	byId('levels').append(chip);
	return { level, chip, count, turn };
});

// What can be done, by the ids of buttons; some has a key as well.
const actions = {
	pause: () => {
		flow.pause(!flow.isPaused);
		tell();
	},
	split: () => view.set({ isSplit: !view.isSplit }),
	wrap: () => view.set({ wraps: !view.wraps }),
	utc: () => view.set({ utc: !view.utc }),
	'menu-sources': () => {
		const isHidden = document.body.classList.toggle('no-sources');
		byId('menu-sources').setAttribute('aria-expanded', !isHidden);
	},
	theme: () => {
		say(`Theme: ${theme.turn()}`);
		tell();
	},
	keys: () => byId('help').showModal(),
	'find-up': () => findNext(-1),
	'find-down': () => findNext(1),
	'span-clear': () => view.set({ from: null, to: null }),
	copy: async () => sayCopied(await copy((await shown(textOf)).join('')), 'What is shown is copied.'),
	download: async () => download(await shown(textOf), 'text/plain', 'log'),
	'download-json': async () => download(await shown(jsonOf), 'application/x-ndjson', 'jsonl'),
	link: async () => sayCopied(await copy(view.link()), 'A link to this view is copied; the token is not in it.'),
	'new-token': askForToken,
	'token-end': askForToken,
};
for (const [id, action] of Object.entries(actions)) {
	byId(id).addEventListener('click', action);
}
listenToKeys({
	' ': actions.pause,
	f: () => byId('filter').select(),
	'/': () => byId('find').select(),
	n: actions['find-down'],
	N: actions['find-up'],
	G: () => panes.current?.follow(),
	m: actions.split,
	w: actions.wrap,
	u: actions.utc,
	t: actions.theme,
	s: actions['menu-sources'],
	'?': actions.keys,
	Escape: escape,
	...Object.fromEntries(chips.map(({ turn }, i) => [i + 1, turn])),
});

picker.addEventListener('choose', ({ detail }) => view.set({ sources: detail }));
histogram.addEventListener('pick', ({ detail }) => view.set(detail ?? { from: null, to: null }));
for (const id of ['filter', 'find']) {
	byId(id).addEventListener('input', ({ target }) => view.set({ [id]: target.value }));
}
byId('find').addEventListener('keydown', ({ key, shiftKey }) => key === 'Enter' && findNext(shiftKey ? 1 : -1));
document.addEventListener('click', ({ target }) => {
	if (target.closest('summary') === null) {
		byId('more').open = false;
	}
});
byId('panes').addEventListener('open', ({ detail }) => details.show(ring, detail));
byId('panes').addEventListener('scrolled', () => {
	flow.wake();
	tell();
});
details.addEventListener('close', closeDetails);
details.addEventListener('copy', async ({ detail }) => sayCopied(await copy(detail), 'The line is copied.'));
details.addEventListener('filter', ({ detail }) => view.set({ filter: `${view.filter} ${detail}`.trim() }));
addEventListener('hashchange', () => {
	const value = readAddress();
	if (value !== null) {
		panel.offer(value, token.isKept);
	}
});
addEventListener('online', retry);
document.addEventListener('visibilitychange', () => document.hidden || retry());

function retry() {
	streams.forEach((stream) => stream.retryNow());
	panes.lists.forEach((list) => list.draw());
}

function findNext(step) {
	finding()?.findNext(step);
	tell();
}

// The list in which something is found: the one with the focus, or the first that has it.
function finding() {
	const { current, lists } = panes;
	return current?.foundCount > 0 ? current : (lists.find((list) => list.foundCount > 0) ?? current);
}

// What all lists show, one after the other.
async function shown(write) {
	const parts = [];
	for (const list of panes.lists) {
		parts.push(...(await write(list, ring, streams.size > 1)));
	}
	return parts;
}

function closeDetails() {
	details.hidden = true;
	panes.current?.focus();
}

function escape() {
	if (!details.hidden) {
		closeDetails();
	} else if (document.activeElement?.matches('#filter, #find')) {
		panes.current?.focus();
	} else {
		view.set({ find: '', from: null, to: null });
	}
}

// ---- what follows from it

view.addEventListener('change', ({ detail: changed }) => {
	const has = (...names) => names.some((name) => changed.has(name));
	if (has('sources', 'isSplit')) {
		picker.choose(view.sources ?? []);
		showSources();
	} else if (has('filter', 'find', 'levels', 'from', 'to')) {
		flow.show(panes.lists);
	}
	if (has('wraps', 'utc')) {
		panes.lists.forEach((list) => list.restyle());
	}
	histogram.redraw();
	showView();
});

function showView() {
	press('split', view.isSplit);
	press('wrap', view.wraps);
	press('utc', view.utc);
	setText('zone', view.utc ? 'UTC' : 'Local');
	for (const id of ['filter', 'find']) {
		if (byId(id).value !== view[id]) {
			byId(id).value = view[id];
		}
	}
	for (const { level, chip } of chips) {
		chip.setAttribute('aria-pressed', view.levels[level]);
	}
	byId('span').hidden = view.from === null;
	if (view.from !== null) {
		setText('span-text', `${longTime(view.from, view.utc).slice(0, 19)} – ${longTime(view.to, view.utc).slice(11, 19)}`);
	}
	tell();
}

function press(id, isOn) {
	byId(id).setAttribute('aria-pressed', isOn);
}

// Says how things stand.
function tell() {
	const all = [...streams.values()].map((stream) => stream.source);
	const live = all.filter((source) => source.state === 'live').length;
	const { isPaused } = flow;
	let state = ['live', all.length === 1 ? 'Live' : `Live: ${all.length} sources`];
	if (all.length === 0) {
		state = ['off', token.value === null ? 'No token' : 'No source is chosen'];
	} else if (all.some((source) => source.state === 'token')) {
		state = ['token', 'The token is not taken'];
	} else if (isPaused) {
		state = ['paused', 'Paused'];
	} else if (live < all.length) {
		state = ['waiting', `${live} of ${all.length} live`];
	}
	document.body.dataset.state = state[0];
	setText('state', state[1]);
	const isHeld = isPaused || panes.lists.some((list) => !list.follows && inbox.lines > 0);
	setText('waiting', isHeld ? `${inbox.lines.toLocaleString('en')} lines wait` : '');
	setText('memory', `${ring.count.toLocaleString('en')} of ${ring.most.toLocaleString('en')} lines in memory`);
	setText('theme', `Theme: ${theme.name}`);
	const list = finding();
	setText('found', view.find === '' || list === undefined ? '' : `${list.foundPlace || '–'}/${list.foundCount}`);
	press('pause', isPaused);
	byId('pause').querySelector('use').setAttribute('href', isPaused ? '#i-play' : '#i-pause');
	byId('pause').querySelector('span').textContent = isPaused ? 'Go on' : 'Pause';
	byId('token-end').hidden = token.value === null;
	setText('token-end', endOf(token));
}

// Only what is new is written: a screen reader reads it again else.
function setText(id, text) {
	const element = byId(id);
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

let note = 0;

// A note for eyes that goes by itself, and for ears the same words.
function say(text) {
	clearTimeout(note);
	setText('notices', text);
	note = setTimeout(setText, NOTE, 'notices', '');
}

function sayCopied(isDone, text) {
	say(isDone ? text : 'The browser does not let this page copy.');
}

// Once a second: rates and counts.
function tick() {
	picker.tick(sources);
	const counts = new Array(NAMES.length).fill(0);
	for (let line = ring.first; line < ring.next; line++) {
		counts[ring.level(line)]++;
	}
	for (const { level, count } of chips) {
		count.textContent = counts[level] === 0 ? '' : counts[level].toLocaleString('en');
	}
	document.title = (flow.isPaused ? '‖ ' : '') + (counts[ERROR] > 0 ? `(${counts[ERROR]}) ` : '') + 'logtap';
	tell();
}

if (matchMedia('(max-width: 640px)').matches) {
	actions['menu-sources']();
}
setInterval(tick, 1000);
showView();
start();
