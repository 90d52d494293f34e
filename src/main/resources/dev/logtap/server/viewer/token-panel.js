// <token-panel>: asks for a token, at the beginning as well as when one runs out, and takes it only if the server does.

import { duration } from './clock.js';
import { make } from './dom.js';
import { namesFor, Refusal } from './names.js';

// A JWT; what else is in a field can't even be sent.
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

// Fires `taken` with {value, keep, names} when the server has taken a token.
export class TokenPanel extends HTMLElement {
	#field = make('input', {
		id: 'token', type: 'password', autocomplete: 'off', spellcheck: false, required: true, 'aria-describedby': 'token-why',
	});
	#keep = make('input', { id: 'keep', type: 'checkbox' });
	#why = make('p', { id: 'token-why', className: 'why' });
	#button = make('button', { type: 'submit', className: 'primary', textContent: 'Open' });
	#later = make('button', { type: 'button', textContent: 'Not now', hidden: true });
	#title = make('h2');
	#dialog = make('dialog', { 'aria-labelledby': 'token-title' });
	#isChecking = false;

	connectedCallback() {
		this.#title.id = 'token-title';
		const form = make(
			'form',
			{ method: 'dialog' },
			this.#title,
			this.#why,
			make('label', { htmlFor: 'token', textContent: 'Token' }),
			this.#field,
			make('label', { className: 'keep' }, this.#keep, 'Keep it in this tab until it is closed'),
			make('div', { className: 'buttons' }, this.#later, this.#button),
			make('p', { className: 'hint' }, 'Whoever runs the server makes one with ', make('code', { textContent: 'logtap token' }), '. It is sent to this server only, and stands in no address.'),
		);
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			this.#submit();
		});
		this.#later.addEventListener('click', () => this.#dialog.close());
		// Without any token there is nothing behind the panel.
		this.#dialog.addEventListener('cancel', (event) => this.#later.hidden && event.preventDefault());
		this.#dialog.append(form);
		this.append(this.#dialog);
	}

	// Asks for one; with a reason, and whether it can be put off.
	ask(title, why, canWait, isKept) {
		this.#title.textContent = title;
		this.#why.textContent = why;
		this.#why.classList.remove('wrong');
		this.#later.hidden = !canWait;
		if (!this.#dialog.open) {
			this.#keep.checked = isKept;
			this.#dialog.showModal();
			this.#field.focus();
		}
	}

	close() {
		this.#dialog.close();
	}

	async #submit() {
		const value = this.#field.value.trim();
		if (this.#isChecking || value === '') {
			return;
		}
		this.#isChecking = true;
		this.#button.disabled = true;
		try {
			await this.offer(value, this.#keep.checked);
		} finally {
			this.#isChecking = false;
			this.#button.disabled = false;
		}
	}

	// Shows a token to the server; whether it took it.
	async offer(value, keep) {
		let names;
		try {
			if (!TOKEN.test(value)) {
				throw new Refusal(0, 'a token is three parts of letters, digits, - and _ with points between');
			}
			names = await namesFor(value);
		} catch (e) {
			const why = e instanceof Refusal ? e.message : 'the server can’t be reached';
			this.ask(this.#title.textContent || 'Open the logs', `That did not work: ${why}.`, !this.#later.hidden, keep);
			this.#why.classList.add('wrong');
			this.#field.select();
			return false;
		}
		this.#field.value = '';
		this.#dialog.close();
		this.dispatchEvent(new CustomEvent('taken', { detail: { value, keep, names } }));
		return true;
	}
}

// When a token runs out, in words.
export function endOf(token) {
	const left = token.ends - Date.now();
	return Number.isNaN(left) ? '' : left <= 0 ? 'token has run out' : `token: ${duration(left)} left`;
}

customElements.define('token-panel', TokenPanel);
