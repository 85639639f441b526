import { once } from 'node:events';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';

import { openSocket, requestBytes } from './rawHttp.ts';
import type { Row } from './row.ts';
import type { Visit } from './visit.ts';

/** Actions of a row besides those of the browser. */
export interface Hands {
  /** The redirect target of the browser after Ana signed in. */
  readonly authorize: () => Promise<string>;
  /** Cancels as the caller, as the user, or by closing the window. */
  readonly giveUp: { readonly caller: () => void; readonly person: () => void; readonly window: () => void };
  /** Makes token requests hang until the test ends. */
  readonly hangTokens: () => void;
  /** Resolves when a token request has arrived. */
  readonly tokenAsked: () => Promise<void>;
  /** Advances the clock by ten minutes. */
  readonly tenMinutes: () => void;
}

/** An end of a sign-in, and how long its port may stay bound afterwards. */
interface LifeRow extends Row {
  readonly play: (visit: Visit, hands: Hands) => unknown;
  readonly outcome: SignInErrorKind | 'signedIn';
  /** Milliseconds from the end of `play` until the sign-in has ended and released its port. */
  readonly within: number;
}

/** Upper bound that a user, or a second sign-in, would notice; generous for a busy machine. */
const atOnce = { expected: 'the port is free at once', within: 1500 } as const;
const page = { expected: 'the port is free after two seconds', within: 4000 } as const;
const cancelled = { ...atOnce, outcome: 'cancelled', source: 'RFC 8252, 7.3', tokenRequests: 0 } as const;

const ask = async (visit: Visit, authorize: Hands['authorize']): Promise<string> => {
  const { pathname, search } = new URL(await authorize());
  return requestBytes(pathname + search, visit.port);
};
/** A browser that receives the callback and never fetches the page. */
const comeBack = async (visit: Visit, { authorize }: Hands): Promise<void> => {
  const socket = await openSocket(visit.port);
  socket.resume();
  socket.write(await ask(visit, authorize));
};
const crowd = (count: number, visit: Visit) =>
  Promise.all(Array.from({ length: count }, () => openSocket(visit.port)));

export const lifeRows: readonly LifeRow[] = [
  { ...cancelled, done: 'the caller gives up', play: (_, { giveUp }) => giveUp.caller() },
  { ...cancelled, done: 'the person gives up', play: (_, { giveUp }) => giveUp.person() },
  { ...cancelled, done: 'the window closes', play: (_, { giveUp }) => giveUp.window() },
  {
    ...cancelled,
    done: 'the user cancels among a hundred idle connections',
    play: async (visit, { giveUp }) => {
      await crowd(100, visit);
      giveUp.person();
    },
  },
  {
    ...cancelled,
    done: 'the user cancels during a request',
    play: async (visit, { giveUp }) => {
      const socket = await openSocket(visit.port);
      socket.write('GET /oauth/call');
      giveUp.person();
    },
  },
  // Regression: the server waited for connections that it does not track.
  {
    ...cancelled,
    done: 'the user cancels while another program holds a rejected CONNECT open',
    within: 900, // Less than a rejected client has for reading the response.
    play: async (visit, { giveUp }) => {
      const socket = await openSocket(visit.port, '127.0.0.1', true);
      socket.write('CONNECT attacker.example:443 HTTP/1.1\r\nHost: attacker.example:443\r\n\r\n');
      await once(socket, 'data');
      giveUp.person();
    },
  },
  {
    ...cancelled,
    done: 'the user cancels while another program holds a WebSocket open',
    play: async (visit, { giveUp }) => {
      const socket = await openSocket(visit.port);
      socket.resume();
      socket.write(requestBytes('/', visit.port, { headers: ['Connection: Upgrade', 'Upgrade: websocket'] }));
      giveUp.person();
    },
  },
  // Regression: after canceling, the port stayed bound for two seconds for a page that was not fetched.
  {
    ...cancelled,
    done: 'the caller cancels during the token request, and the browser does not follow the redirect',
    tokenRequests: 1,
    play: async (visit, hands) => {
      hands.hangTokens();
      await comeBack(visit, hands);
      await hands.tokenAsked();
      hands.giveUp.caller();
    },
  },
  {
    ...cancelled,
    done: 'the user cancels during the token request, and the browser follows the redirect',
    tokenRequests: 1,
    play: async (visit, hands) => {
      hands.hangTokens();
      const coming = hands.authorize().then((address) => visit.follow(address));
      await hands.tokenAsked();
      hands.giveUp.person();
      await coming;
    },
  },
  {
    ...atOnce,
    source: 'RFC 8252, 7.3',
    done: 'no callback arrives for ten minutes',
    outcome: 'codeExpired',
    tokenRequests: 0,
    play: (_, { tenMinutes }) => tenMinutes(),
  },
  {
    ...atOnce,
    source: 'RFC 9700, 4.3.1',
    done: 'the browser fetches the page without the code',
    outcome: 'signedIn',
    tokenRequests: 1,
    play: async (visit, { authorize }) => {
      const { path } = await visit.follow(await authorize());
      if (path !== '/oauth/callback/signed-in') throw new Error(`The browser ended at ${path}.`);
    },
  },
  {
    ...page,
    source: 'RFC 8252, 7.3',
    done: 'the browser fetches no page',
    outcome: 'signedIn',
    tokenRequests: 1,
    play: comeBack,
  },
  {
    ...page,
    source: 'RFC 8252, 7.3',
    done: 'the browser disconnects before the response',
    outcome: 'signedIn',
    tokenRequests: 1,
    play: async (visit, { authorize }) => {
      const socket = await openSocket(visit.port);
      socket.write(await ask(visit, authorize), () => socket.resetAndDestroy());
    },
  },
  {
    ...page,
    source: 'RFC 6749, 4.1.2.1',
    done: 'a denial, and the browser fetches no page',
    outcome: 'policy',
    tokenRequests: 0,
    play: async (visit) => {
      const socket = await openSocket(visit.port);
      socket.resume();
      socket.write(requestBytes(visit.target({ error: 'access_denied' }), visit.port));
    },
  },
];
