import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createLoopbackRedirect } from '../../../../src/adapters/node/loopbackRedirect.ts';
import { browse } from '../../fakes/browse.ts';
import { loopbackPageTexts } from '../../fakes/loopbackPageTexts.ts';
import { freePorts } from '../../fakes/ports.ts';

const path = '/oauth/callback';
const never = new AbortController().signal;

/** Another program that opens this many connections and leaves each with half a request. */
async function flood(port: number, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: ');
    sockets.push(socket);
  }
  return sockets;
}

// A later program that opened 128 connections ended the browser’s, whose page then said that it could not connect.
test('createLoopbackRedirect: connections of another program do not end the one that waits for its exchange', async () => {
  const listener = await createLoopbackRedirect(() => loopbackPageTexts).listen(await freePorts(1), path);
  await using _ = listener;
  const waiting = listener.callback((parameters) => parameters.get('state') === 'mine', never);
  const browsing = browse(listener.port, `${path}?code=a&state=mine`);
  const callback = await waiting;
  const sockets = await flood(listener.port, 200);
  const answered = callback.respond('signedIn');
  const response = await browsing;
  expect([response.status, response.headers.location]).toEqual([302, `${path}/signed-in#`]);
  expect((await browse(listener.port, `${path}/signed-in`)).status).toBe(200);
  await answered;
  for (const socket of sockets) socket.destroy();
});
