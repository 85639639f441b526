import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { defined } from '../../core/defined.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { PortRefusal } from '../../core/oauth/errors.ts';
import type {
  CallbackFilter,
  LoopbackCallback,
  LoopbackListener,
  LoopbackRedirect,
} from '../../core/oauth/loopbackRedirect.ts';
import { isRedirectPath } from '../../core/oauth/userInteraction.ts';
import { isLoopbackHost } from '../../core/text/webAddress.ts';
import { loopbackPage, pageHeaders } from './loopbackPages.ts';
import type { LoopbackPageName, LoopbackPageTexts } from './loopbackPages.ts';
import { bindBoth, close, probe, probeHeader } from './loopbackPort.ts';
import type { Bound } from './loopbackPort.ts';

/** How long a refused client has to read the response. */
const refusalMilliseconds = 1000;
/** How long the listener stays up to serve the page after a sign-in. */
const pageMilliseconds = 2000;
/**
 * The same after the user canceled: long enough for a browser that follows the redirect, and too short to keep
 * the port from another program.
 */
const lastPageMilliseconds = 200;
/**
 * How long a browser that is late for a canceled sign-in still gets a page, not an error with the code in its address.
 * Only at a port that the system chose: another program may want any other (docs/ARCHITECTURE.md, limits).
 */
const lateMilliseconds = 120_000;

/** Attempts for port 0: another process may hold the same port of the other family. */
const anyPortTries = 20;

/** Loopback redirects (RFC 8252, 7.3) over `node:http`. `texts` are those of the pages, in the user's language. */
export function createLoopbackRedirect(texts: () => LoopbackPageTexts): LoopbackRedirect {
  return {
    listen: async (ports, path) => {
      const refusals: PortRefusal[] = [];
      for (const wanted of ports) {
        for (let tries = wanted === 0 ? anyPortTries : 1; tries > 0; tries--) {
          const bound = await bindBoth(wanted, refusals);
          if (bound === undefined) continue;
          const listener = createListener(bound, path, texts(), wanted === 0);
          const refusal = await probe(bound, listener.nonce);
          if (refusal === undefined) return listener;
          refusals.push(refusal);
          await listener[Symbol.asyncDispose]();
        }
      }
      throw new SignInError('portsUnavailable', { operation: 'listen', ports: refusals });
    },
  };
}

/** A page that the browser was redirected to; `delivered` is called each time it has been sent. */
interface Page {
  readonly name: LoopbackPageName;
  readonly why?: string;
  readonly delivered: () => void;
}

/**
 * The callback of this sign-in, and its page. The callback may arrive again: a browser may prefetch it, or a
 * scanner may be first.
 */
interface ReceivedCallback {
  readonly href: string;
  readonly address: Promise<string>;
  /** How many requests have yet to be followed by one for the page. */
  unserved: number;
}

interface Waiting {
  readonly accepts: CallbackFilter;
  readonly resolve: (callback: LoopbackCallback) => void;
}

function createListener(
  { port, servers, keep }: Bound,
  path: string,
  texts: LoopbackPageTexts,
  isAnyPort: boolean,
): LoopbackListener & { readonly nonce: string } {
  const nonce = randomBytes(16).toString('hex');
  let waiting: Waiting | undefined;
  let heard: ReceivedCallback | undefined;
  let isLatePossible = false;
  const pages = new Map<string, Page>();
  const endedPath = `${path}/ended`;

  const callbackArrived = (url: URL, callbackPath: string, response: ServerResponse): void => {
    if (heard?.href === url.href) {
      keep(response);
      heard.unserved++;
      void heard.address.then((address) => {
        redirectTo(response, address);
      });
      return;
    }
    if (!waiting?.accepts(url.searchParams, callbackPath)) {
      // A late callback has a code too; so has one with its parameters after `#`, which the server never sees.
      redirectTo(response, endedPath);
      return;
    }
    keep(response);
    const { resolve } = waiting;
    waiting = undefined;
    const { promise: answered, resolve: tell } = Promise.withResolvers<string>();
    const received: ReceivedCallback = { href: url.href, address: answered, unserved: 1 };
    heard = received;
    resolve({
      path: callbackPath,
      parameters: url.searchParams,
      respond: async (outcome, error) => {
        const { promise: delivered, resolve: deliver } = Promise.withResolvers<void>();
        // Redirect to a page without the code in its address, to keep the code out of the browser's history (RFC
        // 9700, 4.3.1).
        const address = `${path}/${outcome === 'signedIn' ? 'signed-in' : 'failed'}`;
        const why = error === undefined ? undefined : texts.why?.(error);
        pages.set(address, {
          name: outcome === 'signedIn' ? outcome : 'failed',
          delivered: () => {
            if (--received.unserved <= 0) deliver();
          },
          ...defined({ why }),
        });
        redirectTo(response, address);
        tell(address);
        const timer = setTimeout(deliver, outcome === 'givenUp' ? lastPageMilliseconds : pageMilliseconds);
        await delivered;
        clearTimeout(timer);
      },
    });
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = targetOf(request, port);
    if (url === undefined) {
      send(response, 400, loopbackPage('notHere', texts));
      return;
    }
    if (request.method === 'HEAD' && url.pathname === `/${nonce}`) response.setHeader(probeHeader, nonce);
    const page = pages.get(url.pathname);
    const callbackPath = url.pathname.replace(/\/$/, '');
    if (request.method === 'GET' && page !== undefined) {
      response.once('finish', page.delivered);
      send(response, 200, loopbackPage(page.name, texts, page.why));
    } else if (request.method === 'GET' && url.pathname === endedPath) {
      send(response, 404, loopbackPage('notThisSignIn', texts));
    } else if (request.method === 'GET' && (callbackPath === path || isRedirectPath(callbackPath))) {
      callbackArrived(url, callbackPath, response);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      send(response, 404, loopbackPage('notHere', texts));
    } else {
      response.setHeader('Allow', 'GET, HEAD');
      send(response, 405, loopbackPage('notHere', texts));
    }
    request.resume();
  };
  for (const { server } of servers) {
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, answer);
    server.on('connect', (_, socket) => {
      refuse(socket, 405);
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      refuse(socket, statusOf[error.code ?? ''] ?? 400);
    });
    server.on('error', () => undefined); // If a listening socket breaks later, the sign-in times out.
  }
  return {
    port,
    nonce,
    callback: (accepts, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<LoopbackCallback>();
      const onAbort = (): void => {
        isLatePossible = isAnyPort && waiting !== undefined;
        waiting = undefined;
        reject(signal.reason as Error);
      };
      if (signal.aborted) onAbort();
      else {
        waiting = { accepts, resolve };
        signal.addEventListener('abort', onAbort, { once: true });
      }
      return promise.finally(() => {
        signal.removeEventListener('abort', onAbort);
      });
    },
    [Symbol.asyncDispose]: async () => {
      if (!isLatePossible) return void (await Promise.all(servers.map(close)));
      for (const { server } of servers) server.unref();
      setTimeout(() => void servers.map(close), lateMilliseconds).unref();
    },
  };
}

/** Redirects with an empty fragment: a browser otherwise keeps that of the previous address (RFC 9110, 10.2.2). */
function redirectTo(response: ServerResponse, address: string): void {
  response.writeHead(302, { ...pageHeaders, Location: `${address}#`, Connection: 'close' }).end();
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    ...pageHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    Connection: 'close',
  });
  response.end(page);
}

/** Rejects malformed HTTP with the usual headers and without a page. */
function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return;
  const headers = Object.entries({ ...pageHeaders, 'Content-Length': '0', Connection: 'close' });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`);
  socket.on('error', () => undefined);
  // Close the socket soon even if the client does not: it may be a scanner.
  setTimeout(() => socket.destroy(), refusalMilliseconds).unref();
}

const statusOf: Readonly<Partial<Record<string, number>>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * The target of a request to this listener, by its only `Host` and its request target (RFC 9112, 3.2), with the
 * path as sent. Undefined for a foreign host, which is DNS rebinding (RFC 8252, 8.3).
 */
function targetOf({ url: target = '', headersDistinct }: IncomingMessage, port: number): URL | undefined {
  const hosts = headersDistinct['host'] ?? [];
  const url = URL.parse(target, `http://localhost:${port}`);
  if (url?.protocol !== 'http:' || hosts.length !== 1) return undefined;
  if (![...hosts, url.host].every((host) => isOurHost(host, port))) return undefined;
  const path = target.replace(/[?#].*$/s, '');
  return path === url.pathname || path === url.origin + url.pathname ? url : undefined;
}

function isOurHost(host: string, port: number): boolean {
  const [, name = '', itsPort = '80'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
  return isLoopbackHost(name.toLowerCase()) && itsPort === String(port);
}
