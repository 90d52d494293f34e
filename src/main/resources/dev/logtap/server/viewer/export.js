// Copies and downloads what is shown.

import { pause } from './slices.js';
import { GAP } from './ring.js';

// Lines between two pauses.
const PORTION = 2000;

// The lines of a list as text, in parts, as they came; behind their source's name where there are several.
export async function textOf(list, ring, hasNames) {
	return parts(list, ring, (line) => {
		const text = ring.kind(line) === GAP ? `-- gap: ${ring.text(line)}` : ring.text(line);
		return (hasNames ? `${ring.source(line).name}: ${text}` : text) + '\n';
	});
}

// As JSON lines, with the same fields as `logtap watch -o json` writes.
export async function jsonOf(list, ring) {
	return parts(list, ring, (line) => JSON.stringify(record(ring, line)) + '\n');
}

function record(ring, line) {
	const { isRelay, name } = ring.source(line);
	const origin = isRelay ? { environment: name } : { log: name };
	if (ring.kind(line) === GAP) {
		return { ...origin, gap: ring.text(line) };
	}
	return isRelay ? { ...origin, ...ring.data(line) } : { ...origin, line: ring.text(line) };
}

async function parts(list, ring, write) {
	// What comes meanwhile is not meant, and what goes can't be had.
	const lines = Array.from({ length: list.count }, (_, i) => list.line(i));
	const written = [];
	for (let i = 0; i < lines.length; i += PORTION) {
		const some = lines.slice(i, i + PORTION).filter((line) => line >= ring.first);
		written.push(some.map(write).join(''));
		await pause();
	}
	return written;
}

// Whether it could be put into the clipboard.
export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		// Pages that came over plain HTTP have no clipboard, but may still be copied from.
		return copyBySelection(text);
	}
}

function copyBySelection(text) {
	const area = document.createElement('textarea');
	area.value = text;
	area.className = 'aside';
	document.body.append(area);
	area.select();
	const isDone = document.execCommand('copy');
	area.remove();
	return isDone;
}

export function download(texts, type, extension) {
	const address = URL.createObjectURL(new Blob(texts, { type }));
	const link = document.createElement('a');
	link.href = address;
	link.download = `logtap-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${extension}`;
	link.click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
