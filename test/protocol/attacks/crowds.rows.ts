import type { Socket } from 'node:net';
import { openSocket, requestBytes, sendRaw } from './rawHttp.ts';
import type { Row } from './row.ts';

/** Clients that keep a listener busy before the correct callback arrives. */
interface CrowdRow extends Row {
  /** Runs before the callback; returns the connections that stay open. */
  readonly come: (port: number) => Promise<readonly Socket[]>;
}

const source = 'RFC 8252, 8.3 (docs/PROTOCOL.md, 3)';
const goesOn = { source, expected: 'the next callback is accepted', tokenRequests: 1 } as const;

const many = <T>(count: number, one: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, one));
const saying = async (port: number, bytes: string): Promise<Socket> => {
  const socket = await openSocket(port);
  socket.resume();
  socket.write(bytes);
  return socket;
};
const foreign = (port: number): string => requestBytes('/oauth/callback?code=foreign-code-1&state=x', port);

export const crowdRows: readonly CrowdRow[] = [
  { ...goesOn, done: 'a hundred idle connections', come: (port) => many(100, () => openSocket(port)) },
  {
    ...goesOn,
    done: 'a hundred requests that never end',
    come: (port) => many(100, () => saying(port, 'GET /oauth/callback?code=')),
  },
  {
    ...goesOn,
    done: 'a body that never ends',
    come: async (port) => [
      await saying(port, requestBytes('/', port, { method: 'POST', headers: ['Content-Length: 1000000'] })),
    ],
  },
  {
    ...goesOn,
    done: 'one byte at a time (slow loris)',
    come: async (port) => {
      const socket = await openSocket(port);
      const letters = Array.from(foreign(port));
      const drip = setInterval(() => socket.write(letters.shift() ?? ' '), 5);
      socket.once('close', () => clearInterval(drip));
      return [socket];
    },
  },
  {
    ...goesOn,
    done: 'two hundred concurrent foreign callbacks',
    come: async (port) => {
      await many(200, () => sendRaw(port, foreign(port)));
      return [];
    },
  },
  {
    ...goesOn,
    done: 'connections that end without data, or in the middle of it',
    come: async (port) => {
      const sockets = await many(20, () => saying(port, 'GET /oauth'));
      sockets.forEach((socket, index) => (index % 2 === 0 ? socket.end() : socket.resetAndDestroy()));
      return [];
    },
  },
];
