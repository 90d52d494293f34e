// Puts the page together. Data goes one way: stream, inbox, ring, sieve, lists; what the reader does goes into the view, and
// from there to all that show it.

import { linkTo, named } from './address.js';
import { fullTime } from './clock.js';
import { button, byId, make, on } from './dom.js';
import './details.js';
import { copy, download, textOf } from './export.js';
import { Flow } from './flow.js';
import './histogram.js';
import { Inbox } from './inbox.js';
import { listenToKeys } from './keys.js';
import { LEVELS, NAMES } from './level.js';
import { harmless } from './paint.js';
import { Panes } from './panes.js';
import { Ring } from './ring.js';
import { Sieve } from './sieve.js';
import './sources.js';
import { Source, Stream } from './stream.js';
import { Token } from './token.js';
import './token-panel.js';
import { SWITCHES, View } from './view.js';

const MOST_LINES = 50_000;
const MOST_CHARACTERS = 32 << 20;

// Where nobody has chosen any, so many sources are shown.
const MOST_UNASKED = 8;

const NOTE = 4000;

const view = new View();
const token = new Token();

// Takes a token that the address has out of it, before anything else is done with either.
function readAddress() {
	const parameters = new URLSearchParams(location.hash.slice(1));
	const given = parameters.get('token');
	if (given !== null) {
		parameters.delete('token');
		history.replaceState(null, '', parameters.size > 0 ? linkTo(parameters.toString()) : view.link());
	}
	// Alone it leaves the view as it is.
	if (given === null || parameters.size > 0) {
		view.read(parameters);
	}
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
histogram.attach(ring, view);

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

function showSources() {
	const chosen = sources.filter((source) => view.sources.includes(source.id));
	for (const [id, stream] of streams) {
		if (!chosen.includes(stream.source)) {
			stream.close();
			streams.delete(id);
			flow.forget(stream.source);
		}
	}
	panes.show(chosen, view.split);
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
on('token-panel', 'taken', ({ detail }) => {
	token.set(detail.value, detail.keep);
	takeNames(detail.names);
	panes.current?.focus();
});

function askForToken() {
	const isFirst = token.value === null;
	const why = isFirst ? 'This server shows its logs to those who have a token.' : 'It takes the place of the one there is.';
	panel.ask(isFirst ? 'Open the logs' : 'Another token', why, !isFirst, token.isKept);
}

function start() {
	const value = given ?? token.value;
	if (value === null) {
		askForToken();
	} else {
		panel.offer(value, given === null);
	}
}

// ---- what the reader does

const chips = LEVELS.map((level) => {
	const count = make('span', { className: 'count' });
	const turn = () => view.set({ levels: view.levels.map((isShown, at) => (at === level ? !isShown : isShown)) });
	const chip = button(NAMES[level], turn, { className: `chip level-${NAMES[level]}` });
	chip.append(count);
	byId('levels').append(chip);
	return { level, chip, count, turn };
});

const actions = {
	pause: () => {
		flow.pause(!flow.isPaused);
		tell();
	},
	...Object.fromEntries(SWITCHES.map((name) => [name, () => view.set({ [name]: !view[name] })])),
	'menu-sources': () => {
		const isHidden = document.body.classList.toggle('no-sources');
		byId('menu-sources').ariaExpanded = !isHidden;
	},
	'find-up': () => panes.current?.findNext(-1),
	'find-down': () => panes.current?.findNext(1),
	span: () => view.set({ from: null, to: null }),
	copy: async () => sayCopied(await copy(shown(harmless)), 'What is shown is copied.'),
	download: () => download(shown(String)),
	link: async () => sayCopied(await copy(view.link()), 'A link to this view is copied; the token is not in it.'),
	'new-token': askForToken,
};
for (const [id, action] of Object.entries(actions)) {
	on(id, 'click', action);
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
	s: actions['menu-sources'],
	Escape: escape,
	...Object.fromEntries(chips.map(({ turn }, i) => [i + 1, turn])),
});

on('sources', 'choose', ({ detail }) => view.set({ sources: detail }));
on('histogram', 'pick', ({ detail }) => view.set(detail ?? { from: null, to: null }));
for (const id of ['filter', 'find']) {
	on(id, 'input', ({ target }) => view.set({ [id]: target.value }));
}
on('find', 'keydown', ({ key, shiftKey }) => key === 'Enter' && panes.current?.findNext(shiftKey ? 1 : -1));
document.addEventListener('click', ({ target }) => {
	if (target.closest('summary') === null) {
		byId('more').open = false;
	}
});
on('panes', 'open', ({ detail }) => details.show(detail));
on('panes', 'scrolled', () => {
	flow.wake();
	tell();
});
on('details', 'close', closeDetails);
on('details', 'take', async ({ detail }) => sayCopied(await copy(detail), 'The line is copied.'));
addEventListener('hashchange', () => {
	const value = readAddress();
	if (value !== null) {
		panel.offer(value, token.isKept);
	}
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => histogram.redraw());

// A terminal into which it is pasted obeys what is in it; a file is to be what the log is.
function shown(form) {
	return panes.lists.map((list) => textOf(list, ring, streams.size > 1, form)).join('');
}

function closeDetails() {
	details.hidden = true;
	panes.current?.focus();
}

function escape() {
	if (byId('more').open) {
		byId('more').open = false;
	} else if (!details.hidden) {
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
	if (has('sources', 'split')) {
		picker.choose(view.sources ?? []);
		showSources();
	} else if (has('filter', 'find', 'levels', 'from', 'to')) {
		flow.show(panes.lists);
	}
	if (has('wrap', 'utc')) {
		panes.lists.forEach((list) => list.restyle());
	}
	histogram.redraw();
	showView();
});

function showView() {
	SWITCHES.forEach((name) => press(name, view[name]));
	for (const id of ['filter', 'find']) {
		// Written though it is the same, it would take the caret to its end.
		if (byId(id).value !== view[id]) {
			byId(id).value = view[id];
		}
	}
	for (const { level, chip } of chips) {
		chip.ariaPressed = view.levels[level];
	}
	byId('span').hidden = view.from === null;
	if (view.from !== null) {
		setText('span', `${fullTime(view.from, view.utc)} – ${fullTime(view.to, view.utc).slice(11)} ×`);
	}
	tell();
}

function press(id, isOn) {
	byId(id).ariaPressed = isOn;
}

function tell() {
	const all = [...streams.values()].map((stream) => stream.source);
	const live = all.filter((source) => source.state === 'live').length;
	const { isPaused } = flow;
	const [state, text] =
		all.length === 0 ? ['off', token.value === null ? 'No token' : 'No source is chosen']
		: all.some((source) => source.state === 'token') ? ['token', 'The token is not taken']
		: isPaused ? ['paused', 'Paused']
		: live < all.length ? ['waiting', `${live} of ${all.length} live`]
		: ['live', all.length === 1 ? 'Live' : `Live: ${all.length} sources`];
	document.body.dataset.state = state;
	setText('state', text);
	const isHeld = inbox.lines > 0 && (isPaused || panes.lists.some((list) => list.keepsFrom < Infinity));
	setText('waiting', isHeld ? `${inbox.lines.toLocaleString('en')} lines wait` : '');
	setText('memory', `${ring.count.toLocaleString('en')} of ${ring.most.toLocaleString('en')} lines in memory`);
	press('pause', isPaused);
	byId('new-token').hidden = token.value === null;
}

// Only what is new is written: a screen reader reads it again else.
function setText(id, text) {
	const element = byId(id);
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

let note = 0;

function sayCopied(isDone, text) {
	clearTimeout(note);
	setText('notices', isDone ? text : 'The browser does not let this page copy.');
	note = setTimeout(setText, NOTE, 'notices', '');
}

function tick() {
	token.tick();
	const counts = new Array(NAMES.length).fill(0);
	for (let i = ring.first; i < ring.next; i++) {
		counts[ring.at(i).level]++;
	}
	for (const { level, count } of chips) {
		count.textContent = counts[level] || '';
	}
	tell();
}

if (matchMedia('(max-width: 640px)').matches) {
	actions['menu-sources']();
}
setInterval(tick, 1000);
showView();
start();
