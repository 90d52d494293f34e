// Follows a stream of logtap's server through lost connections, restarts and renewed tokens, each line once:
//
//   node client.mjs http://127.0.0.1:8000 nginx-access TOKEN-FILE
//   node client.mjs http://127.0.0.1:8000 railway:production TOKEN-FILE
//
// A browser and Node 22 have WebSocket; an older Node needs: npm install ws
import { readFileSync } from 'node:fs';

const WebSocket = globalThis.WebSocket ?? (await import('ws')).default;
const [server, target, tokenFile] = process.argv.slice(2);
process.stdout.on('error', () => process.exit()); // who read our output has gone
const readToken = () => readFileSync(tokenFile, 'utf8').trim();
const environment = target.startsWith('railway:') && target.slice('railway:'.length);
const path = environment
  ? `/api/environments/${encodeURIComponent(environment)}/logs/stream`
  : `/api/v1/server/logs/${encodeURIComponent(target)}/ws`;

let cursor; // of the last message: coming back with it, we get what is behind that message
let pause = 1000;

function connect() {
  const address = new URL(path, server.replace(/^http/, 'ws'));
  address.searchParams.set(...(cursor ? ['cursor', cursor] : ['lines', '10']));
  let token = readToken();
  // As a subprotocol the token stands in no address, and so in no access log.
  const socket = new WebSocket(address, ['logtap', `bearer.${token}`]);
  let heard = Date.now();

  // A script sees no WebSocket pings: it asks itself whether the server is still there, and gives it up after a minute.
  const pinging = setInterval(() => {
    if (Date.now() - heard > 60_000) end(1006, 'nothing was heard for a minute');
    else if (socket.readyState === 1) socket.send('{"type":"ping"}');
  }, 25_000);
  // The stream ends with its token, unless it is given a new one before.
  const renewing = setInterval(() => {
    const fresh = readToken();
    if (fresh !== token && socket.readyState === 1) {
      token = fresh;
      socket.send(JSON.stringify({ type: 'token', token }));
    }
  }, 1000);

  socket.onmessage = ({ data }) => {
    heard = Date.now();
    const message = JSON.parse(data);
    print(message);
    if (message.cursor) {
      cursor = message.cursor;
      pause = 1000;
    }
  };
  socket.onerror = () => {}; // onclose comes as well
  socket.onclose = ({ code, reason }) => end(code, reason);

  function end(code, reason) {
    clearInterval(pinging);
    clearInterval(renewing);
    socket.onmessage = socket.onclose = null;
    socket.close();
    console.error(`closed: ${code} ${reason}`);
    if (code >= 4000) {
      process.exitCode = 1; // a wrong name, parameter, token or scope: trying again does not mend it
    } else {
      setTimeout(connect, pause);
      pause = Math.min(2 * pause, 30_000);
    }
  }
}

function print(message) {
  if (message.gap) console.error(`gap: ${message.gap}`); // of a log: something was or may have been lost
  if (message.lines?.length) {
    // A line over 1 MiB comes in parts: the last one of a partial message goes on in the next.
    process.stdout.write(message.lines.join('\n') + (message.partial ? '' : '\n'));
  }
  switch (message.type) {
    case 'log':
      console.log(`${message.data.timestamp} ${message.data.serviceName ?? ''}: ${message.data.message}`);
      break;
    case 'gap': // of an environment
    case 'error':
    case 'status':
      console.error(`${message.type}: ${message.message}`);
      break;
    default: // pong, heartbeat, and what may be added some day
  }
}

connect();
