// A proxy between Weft and its server that notes when each event passes. It runs in the client's process, so that both read
// one clock. Requests name themselves by their field `user`, which passes Weft as it is.

import { Agent, createServer, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { textEvents } from './events.mjs';

/** Starts it; `times` has a list of moments for each request's name. */
export async function startTap(target) {
  const agent = new Agent({ keepAlive: true });
  const times = new Map();
  const server = createServer((asked, answer) => {
    const pieces = [];
    asked.on('data', (piece) => pieces.push(piece));
    asked.on('end', () => {
      const body = Buffer.concat(pieces);
      const noted = [];
      times.set(nameIn(body), noted);
      const onward = request(
        new URL(asked.url, target),
        { method: asked.method, headers: { ...asked.headers, host: new URL(target).host }, agent },
        (response) => {
          const count = textEvents();
          answer.writeHead(response.statusCode, response.headers);
          response.on('data', (piece) => {
            const now = performance.now();
            for (let events = count(piece.toString('latin1')); events > 0; events--) {
              noted.push(now);
            }
            answer.write(piece);
          });
          response.on('end', () => answer.end());
          response.on('error', () => answer.destroy());
        },
      );
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    times,
    stop: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Other requests, of Weft's own, share a name that nobody asks for. */
function nameIn(body) {
  return /"user":"([^"]*)"/.exec(body.toString('latin1'))?.[1] ?? '';
}
