// Keys, wherever the focus is: but not where somebody types.

export function listenToKeys(actions) {
	document.addEventListener('keydown', (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
			return;
		}
		const { target, key } = event;
		const isTyping = target.matches('input:not([type=checkbox]), textarea, select') || target.closest('dialog') !== null;
		// A button takes the space bar itself.
		const isPressing = key === ' ' && target.closest('button, input, summary') !== null;
		const action = actions[key];
		if (action === undefined || isPressing || (isTyping && key !== 'Escape')) {
			return;
		}
		event.preventDefault();
		action();
	});
}
