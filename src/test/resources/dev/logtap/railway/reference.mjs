// Railway's side of a relay on the reference implementations, graphql-ws with ws and graphql:
//   node reference.mjs MODULES SCHEMA TOKEN ENVIRONMENT
// Prints "listening PORT", then "subscriptions N" and "sockets N" as they change. Commands come as lines of JSON on stdin:
//   {"store": [row...]}, {"complete": 1}, {"error": "message"}, {"nothing": 1}, {"cut": 1}, {"close": 4500}
// where a row is a Log of the schema with its time in nanoseconds besides. Ends with stdin.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';

const [modules, schemaFile, token, environment] = process.argv.slice(2);
const load = createRequire(modules + '/');
const { buildSchema, graphql } = load('graphql');
const { useServer } = load('graphql-ws/use/ws');
const { WebSocketServer } = load('ws');

const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
const rows = [];
const ends = []; // What a stream does next, for those that were there when it was said.
let subscriptions = 0;

function nanos(text) {
  const [, seconds, fraction = ''] = text.match(/^([^.Z]+)(?:\.(\d+))?Z$/);
  return BigInt(Date.parse(seconds + 'Z')) * 1000000n + BigInt(fraction.padEnd(9, '0'));
}

function found({ filter, from, to = null, most }) {
  const services = [...(filter ?? '').matchAll(/@service:([\w-]+)/g)].map((match) => match[1]);
  const wanted = rows
    .filter((row) => services.length === 0 || services.includes(row.tags?.serviceId))
    .filter((row) => from === null || row.nanos > from)
    .filter((row) => to === null || row.nanos <= to)
    .sort((a, b) => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0));
  return wanted.slice(Math.max(0, wanted.length - most));
}

function authorize(known, id) {
  if (!known || id !== environment) {
    throw new Error('Not Authorized');
  }
}

const queries = {
  environment({ id }, { known }) {
    authorize(known, id);
    const nodes = [...new Set(rows.map((row) => row.tags?.serviceId))].filter(Boolean);
    const edges = nodes.map((serviceId) => ({ cursor: serviceId, node: { id: serviceId, serviceId, serviceName: serviceId } }));
    return { id, name: id, canAccess: true, serviceInstances: { edges, pageInfo: { hasNextPage: false, hasPreviousPage: false } } };
  },
  projectToken(_, { known }) {
    authorize(known, environment);
    return { id: 'token-1', projectId: 'project-1', environmentId: environment };
  },
  environmentLogs({ environmentId, filter, anchorDate, beforeDate, beforeLimit }, { known }) {
    authorize(known, environmentId);
    const [from, to] = [beforeDate, anchorDate].map((date) => (date ? nanos(date) : null));
    return found({ filter, from, to, most: beforeLimit ?? 100 });
  },
};

// A generator can't be ended between two of its values, and there may be no next one: so it is told to end.
function live(args) {
  const told = { ended: false };
  const batches = poll(args, told);
  return {
    next: () => batches.next(),
    return() {
      told.ended = true;
      return batches.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* poll({ filter, beforeDate, beforeLimit }, told) {
  let cursor = nanos(beforeDate);
  let done = ends.length;
  subscriptions++;
  console.log('subscriptions', subscriptions);
  try {
    while (!told.ended) {
      const later = found({ filter, from: cursor, most: beforeLimit ?? 100 });
      if (later.length > 0) {
        cursor = later.at(-1).nanos;
        yield { environmentLogs: later };
      }
      for (; done < ends.length; done++) {
        if (ends[done].complete) {
          return;
        }
        if (ends[done].error) {
          throw new Error(ends[done].error);
        }
        yield { environmentLogs: null };
      }
      await after(20);
    }
  } finally {
    subscriptions--;
    console.log('subscriptions', subscriptions);
  }
}

const isKnown = (request) => request.headers['project-access-token'] === token && !request.headers.authorization;

const http = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) {
    body += part;
  }
  const { query, variables } = JSON.parse(body);
  const contextValue = { known: isKnown(request) };
  const result = await graphql({ schema, source: query, variableValues: variables, rootValue: queries, contextValue });
  response.writeHead(result.data === undefined ? 400 : 200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(result));
});
const server = new WebSocketServer({ server: http, path: '/graphql/v2' });
useServer(
  {
    schema,
    context: ({ extra }) => ({ known: isKnown(extra.request) }),
    roots: {
      query: queries,
      subscription: {
        environmentLogs(args, { known }) {
          authorize(known, args.environmentId);
          return live(args);
        },
      },
    },
  },
  server,
);
server.on('connection', (socket) => {
  console.log('sockets', server.clients.size);
  socket.on('close', () => console.log('sockets', server.clients.size));
});
http.listen(0, '127.0.0.1', () => console.log('listening', http.address().port));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    if (command.store) {
      rows.push(...command.store.map((row) => ({ ...row, nanos: BigInt(row.nanos) })));
    } else if (command.cut) {
      server.clients.forEach((socket) => socket.terminate());
    } else if (command.close) {
      server.clients.forEach((socket) => socket.close(command.close));
    } else {
      ends.push(command);
    }
  })
  .on('close', () => process.exit());
