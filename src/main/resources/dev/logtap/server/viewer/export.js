import { make } from './dom.js';

// The lines of a list, each as `form` makes it; behind their source's name where there are several.
export function textOf(list, ring, hasNames, form) {
	const texts = [];
	for (let i = 0; i < list.count; i++) {
		// What has just gone from memory the list does not know yet.
		if (list.line(i) >= ring.first) {
			const { source, kind, text } = ring.at(list.line(i));
			texts.push(hasNames ? source.name + ': ' : '', kind === 'gap' ? '-- gap: ' : '', form(text), '\n');
		}
	}
	return texts.join('');
}

export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}

export function download(text) {
	const href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
	const download = `logtap-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.log`;
	make('a', { href, download }).click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
