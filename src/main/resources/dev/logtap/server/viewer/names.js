import { environment, named, namesAddress } from './address.js';

export class Refusal extends Error {
	constructor(status, sentence) {
		super(sentence);
		this.status = status;
	}
}

// Logs and environments as {id, name, isRelay}. Throws a Refusal; something else where the server can't be reached.
export async function namesFor(token) {
	const answer = await fetch(namesAddress(), {
		headers: { Authorization: 'Bearer ' + token },
		cache: 'no-store',
		credentials: 'omit',
		signal: AbortSignal.timeout(20_000),
	});
	const body = await answer.json().catch(() => ({}));
	if (!answer.ok) {
		throw new Refusal(answer.status, body.error ?? `the server answers ${answer.status}`);
	}
	return [...(body.logs ?? []).map(named), ...(body.environments ?? []).map(environment)];
}
