// What a line says in its parts: JSON, and the formats of the usual logs.

const LONGEST = 64 << 10;

// The parts of one value that are listed, so that a page stays one.
const MOST = 200;

// Who asks calls himself (Basic auth) and what he wants as he likes: also like a time or a status. But quotes are escaped in it:
// the time stands before the first that is not, the status behind the second.
export const ACCESS =
	/^(?<client>[^\s.:]*[.:]\S*) (?<ident>-) (?<user>.+?) \[(?<time>\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d: +-]+)\] "(?:(?<method>[A-Z]+) (?<path>\S+) (?<protocol>HTTP\/[\d.]+)|(?<request>(?:[^"\\]|\\.)*))" (?<status>\d{3}) (?<bytes>\d+|-)(?: "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)")?(?<rest> .*)?$/s;

const FORMATS = [
	['access log', ACCESS],
	['nginx error log', /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(?<level>\w+)\] (?<pid>\d+)#(?<tid>\d+): (?:\*(?<connection>\d+) )?(?<message>.*?)(?:, client: (?<client>[^,]+))?(?:, server: (?<server>[^,]*))?(?:, request: "(?<request>[^"]*)")?(?:, upstream: "(?<upstream>[^"]*)")?(?:, host: "(?<host>[^"]*)")?(?:, referrer: "(?<referrer>[^"]*)")?$/],
	['PHP-FPM log', /^\[(?<time>\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?)\] (?<level>[A-Z]+): (?:\[pool (?<pool>[^\]]+)\] )?(?<message>.*)$/],
	['MySQL error log', /^(?<time>\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)) (?<thread>\d+) \[(?<level>\w+)\] \[(?<code>MY-\d+)\] \[(?<subsystem>\w+)\] (?<message>.*)$/],
];

// key=value, as logfmt and many others write.
const PAIR = /(?:^|\s)([A-Za-z_][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

// {format, fields: [[name, value], ...]}; null where a line has no parts that are known.
export function fieldsOf(text, data) {
	if (data !== null) {
		return { format: 'relay entry', fields: flat(data) };
	}
	if (text.length > LONGEST) {
		return null;
	}
	return json(text) ?? known(text) ?? pairs(text);
}

function json(text) {
	// Many write a word or a time before it.
	const from = text.indexOf('{');
	if (from < 0 || from > 64) {
		return null;
	}
	try {
		const fields = flat(JSON.parse(text.slice(from)));
		const before = text.slice(0, from).trim();
		return { format: 'JSON', fields: before === '' ? fields : [['', before], ...fields] };
	} catch {
		return null;
	}
}

function known(text) {
	for (const [format, expression] of FORMATS) {
		const groups = expression.exec(text)?.groups;
		if (groups !== undefined) {
			return { format, fields: Object.entries(groups).filter(([, value]) => value && value !== '-') };
		}
	}
	return null;
}

function pairs(text) {
	// What is said in broken JSON is not told apart so.
	if (text.startsWith('{')) {
		return null;
	}
	const fields = Array.from(text.matchAll(PAIR).take(MOST), ([, name, quoted, word]) => [name, quoted ?? word]);
	return fields.length > 1 ? { format: 'key=value', fields } : null;
}

// The leaves of a value, each under its path: user.name.
function flat(value) {
	const fields = [];
	const add = (path, part, depth) => {
		if (fields.length === MOST) {
			return;
		}
		if (part !== null && typeof part === 'object' && depth < 8 && Object.keys(part).length > 0) {
			for (const [key, child] of Object.entries(part)) {
				add(path === '' ? key : `${path}.${key}`, child, depth + 1);
			}
		} else {
			fields.push([path, typeof part === 'string' ? part : JSON.stringify(part)]);
		}
	};
	add('', value, 0);
	return fields;
}
