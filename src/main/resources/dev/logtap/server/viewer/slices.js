// Work in slices: whoever has much to do does a little, and comes again, so that the page answers meanwhile.

// How long one slice may take, in milliseconds: with what else a frame needs that stays well below 50.
export const SLICE = 8;

// A timer would wait 4 ms, and a second where the tab is not seen. A message to ourselves waits for neither.
const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

// Runs the task when the page has done what is due.
export function later(task) {
	waiting.push(task);
	channel.port2.postMessage(null);
}

// Resolves when the page has done what is due.
export function pause() {
	return new Promise(later);
}
