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

export function byId(id) {
	return document.getElementById(id);
}
