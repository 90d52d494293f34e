// Light, dark, or as the system has it.

const KEY = 'logtap.theme';
const THEMES = ['auto', 'light', 'dark'];

export class Theme {
	#onChange;

	constructor(onChange) {
		this.#onChange = onChange;
		this.#apply(this.name);
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
	}

	get name() {
		const kept = localStorage.getItem(KEY);
		return THEMES.includes(kept) ? kept : 'auto';
	}

	// The next one; its name.
	turn() {
		const next = THEMES[(THEMES.indexOf(this.name) + 1) % THEMES.length];
		localStorage.setItem(KEY, next);
		this.#apply(next);
		this.#onChange();
		return next;
	}

	#apply(name) {
		document.documentElement.dataset.theme = name;
	}
}
