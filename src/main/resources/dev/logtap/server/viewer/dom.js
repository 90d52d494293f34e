// Makes elements. Text goes in as text, and nothing else does: there is no markup in a string anywhere.

// An element with properties, attributes (names with a dash, and role), and children, which are nodes or text.
export function make(tag, properties = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (name.includes('-') || name === 'role') {
			element.setAttribute(name, value);
		} else {
			element[name] = value;
		}
	}
	element.append(...children);
	return element;
}

// An icon of those that the page holds as symbols.
export function icon(name) {
	const space = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(space, 'svg');
	svg.setAttribute('class', 'icon');
	svg.setAttribute('aria-hidden', 'true');
	const use = document.createElementNS(space, 'use');
	use.setAttribute('href', '#' + name);
	svg.append(use);
	return svg;
}

export function byId(id) {
	return document.getElementById(id);
}
