// A proxy between Weft and its server that notes when each event passes. It runs in the client's process, so that both read
// one clock. Requests name themselves by their field `user`, which passes Weft as it is. It can also play the last stream again,
// at a pace of its own, so that the server takes no processor meanwhile.

import { Agent, createServer, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { textEvents } from './events.mjs';

/** Starts it; `times` has a list of moments for each request's name. */
export async function startTap(target) {
  const agent = new Agent({ keepAlive: true });
  const times = new Map();
  let recorded = [];
  let pace = 0;
  const server = createServer((asked, answer) => {
    const pieces = [];
    asked.on('data', (piece) => pieces.push(piece));
    asked.on('end', () => {
      const body = Buffer.concat(pieces);
      const noted = [];
      const name = nameIn(body);
      times.set(name, noted);
      if (pace > 0 && name !== '') {
        play(recorded, pace, answer, noted);
        return;
      }
      const onward = request(
        new URL(asked.url, target),
        { method: asked.method, headers: { ...asked.headers, host: new URL(target).host }, agent },
        (response) => {
          const count = textEvents();
          const pieces = [];
          answer.writeHead(response.statusCode, response.headers);
          response.on('data', (piece) => {
            const now = performance.now();
            pieces.push(piece);
            for (let events = count(piece.toString('latin1')); events > 0; events--) {
              noted.push(now);
            }
            answer.write(piece);
          });
          response.on('end', () => {
            answer.end();
            if (name !== '' && response.statusCode === 200) {
              recorded = Buffer.concat(pieces).toString('latin1').split(/(?<=\n\n)/);
            }
          });
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
    /** Plays what was recorded from now on, an event each `milliseconds`; 0 for the server's own answers. */
    playsAt: (milliseconds) => (pace = milliseconds),
    stop: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Sends recorded events, and notes when. Streams that begin together go on together, as in a batch. */
function play(events, pace, answer, noted) {
  answer.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  const count = textEvents();
  let next = 0;
  const timer = setInterval(() => {
    if (next === events.length) {
      clearInterval(timer);
      answer.end();
      return;
    }
    const event = events[next++];
    if (count(event) > 0) {
      noted.push(performance.now());
    }
    answer.write(Buffer.from(event, 'latin1'));
  }, pace);
  answer.on('close', () => clearInterval(timer));
}

/** Other requests, of Weft's own, share a name that nobody asks for. */
function nameIn(body) {
  return /"user":"([^"]*)"/.exec(body.toString('latin1'))?.[1] ?? '';
}
