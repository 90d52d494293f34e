// Makes elements, and events. Text goes in as text, and nothing else does: there is no markup in a string anywhere.

export function make(tag, properties = {}, ...children) {
	const element = Object.assign(document.createElement(tag), properties);
	element.append(...children);
	return element;
}

export function button(textContent, onClick, properties = {}) {
	const made = make('button', { type: 'button', textContent, ...properties });
	made.addEventListener('click', onClick);
	return made;
}

export function fire(target, name, detail) {
	target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

export function byId(id) {
	return document.getElementById(id);
}

export function on(id, event, act) {
	byId(id).addEventListener(event, act);
}
