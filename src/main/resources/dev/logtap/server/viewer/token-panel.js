// <token-panel>: asks for a token, at the beginning as well as when one runs out, and takes it only if the server does.

import { button, fire, make } from './dom.js';
import { namesFor, Refusal } from './names.js';

// A JWT; what else is in a field can't even be sent.
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

// Fires `taken` with {value, keep, names} when the server has taken a token.
export class TokenPanel extends HTMLElement {
	#field = make('input', { id: 'token', type: 'password', autocomplete: 'off', required: true });
	#keep = make('input', { id: 'keep', type: 'checkbox' });
	#why = make('p', { id: 'token-why', className: 'why' });
	#open = make('button', { type: 'submit', className: 'primary', textContent: 'Open' });
	#later = button('Not now', () => this.#dialog.close(), { hidden: true });
	#title = make('h2', { id: 'token-title', textContent: 'Open the logs' });
	#form = make(
		'form',
		{ method: 'dialog' },
		this.#title,
		this.#why,
		make('label', { htmlFor: 'token', textContent: 'Token, as logtap token makes it' }),
		this.#field,
		make('label', { className: 'keep' }, this.#keep, 'Keep it in this tab until it is closed'),
		make('div', { className: 'buttons' }, this.#later, this.#open),
	);
	#dialog = make('dialog', {}, this.#form);

	connectedCallback() {
		this.#form.addEventListener('submit', (event) => {
			event.preventDefault();
			this.offer(this.#field.value.trim(), this.#keep.checked);
		});
		// Without any token there is nothing behind the panel.
		this.#dialog.addEventListener('cancel', (event) => this.#later.hidden && event.preventDefault());
		this.#field.setAttribute('aria-describedby', 'token-why');
		this.#dialog.setAttribute('aria-labelledby', 'token-title');
		this.append(this.#dialog);
	}

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

	async offer(value, keep) {
		this.#open.disabled = true;
		try {
			if (!TOKEN.test(value)) {
				throw new Refusal(0, 'a token is three parts of letters, digits, - and _ with points between');
			}
			const names = await namesFor(value);
			this.#field.value = '';
			this.#dialog.close();
			fire(this, 'taken', { value, keep, names });
		} catch (e) {
			const why = e instanceof Refusal ? e.message : 'the server can’t be reached';
			this.ask(this.#title.textContent, `That did not work: ${why}.`, !this.#later.hidden, keep);
			this.#why.classList.add('wrong');
			this.#field.select();
		} finally {
			this.#open.disabled = false;
		}
	}
}

customElements.define('token-panel', TokenPanel);
