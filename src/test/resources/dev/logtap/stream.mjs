// A client of a stream on the ws package: node stream.mjs MODULES URL [SUBPROTOCOL...], with ORIGIN in the environment.
// Prints each message as a line, sends each line of stdin, and ends with "closed CODE REASON" or "refused STATUS".
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [modules, url, ...subprotocols] = process.argv.slice(2);
const WebSocket = createRequire(modules + '/')('ws');
const socket = new WebSocket(url, subprotocols, { origin: process.env.ORIGIN });

socket.on('open', () => {
  console.log('open', socket.protocol || '-', socket.extensions || '-');
  createInterface({ input: process.stdin }).on('line', (line) => socket.send(line));
});
socket.on('message', (data) => console.log(data.toString()));
socket.on('ping', () => console.log('ping'));
socket.on('unexpected-response', (_, answer) => {
  console.log('refused', answer.statusCode);
  process.exit();
});
socket.on('error', (error) => console.log('error', error.message));
socket.on('close', (code, reason) => {
  console.log('closed', code, reason.toString());
  process.exit();
});
