import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { SignInError } from '../core/errors.ts';
import type { PortRefusal } from '../core/errors.ts';
import type { LoopbackCallback, LoopbackListener, LoopbackRedirect } from '../core/ports.ts';
import { isLoopbackHost } from '../core/webAddress.ts';
import { loopbackPage, pageHeaders } from './loopbackPages.ts';
import type { LoopbackPageName, LoopbackWords } from './loopbackPages.ts';

/** `localhost` is two addresses, and which one a browser asks first differs (PROTOCOL.md, 3). */
const addresses = ['127.0.0.1', '::1'] as const;
/** A machine without a family answers so; then the other address is all there is. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);
/** A request that is not finished by then is a scanner or a stuck connection. */
const requestMilliseconds = 5000;
/** How long the port stays for the page after a sign-in. */
const pageMilliseconds = 2000;

/** Loopback redirects (RFC 8252, 7.3) over `node:http`. `words` are the pages' texts in the person's language. */
export function createLoopbackRedirect(words: () => LoopbackWords): LoopbackRedirect {
  return {
    listen: async (ports, path) => {
      const refusals: PortRefusal[] = [];
      for (const port of ports) {
        const servers = await bindBoth(port, refusals);
        if (servers !== undefined) return createListener(servers, port, path, words());
      }
      throw new SignInError('portsUnavailable', { operation: 'listen', ports: refusals });
    },
  };
}

/** A port counts only when every loopback address of this machine could be bound. */
async function bindBoth(port: number, refusals: PortRefusal[]): Promise<Server[] | undefined> {
  const servers: Server[] = [];
  for (const address of addresses) {
    const server = createServer({
      requestTimeout: requestMilliseconds,
      headersTimeout: requestMilliseconds,
      connectionsCheckingInterval: 1000,
      keepAlive: false,
    });
    const code = await bind(server, port, address);
    if (code === undefined) {
      servers.push(server);
    } else if (!noSuchFamily.has(code)) {
      refusals.push({ port, address, code });
      await Promise.all(servers.map(close));
      return undefined;
    }
  }
  if (servers.length > 0) return servers;
  refusals.push({ port, address: 'localhost', code: 'EADDRNOTAVAIL' });
  return undefined;
}

/** Resolves with the system's code when the address cannot be had. */
function bind(server: Server, port: number, host: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    resolve(error.code ?? 'UNKNOWN');
  });
  server.listen({ port, host, exclusive: true, ipv6Only: true }, () => {
    resolve(undefined);
  });
  return promise;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => {
    resolve();
  });
  server.closeAllConnections();
  return promise;
}

interface Waiting {
  readonly belongs: (parameters: URLSearchParams) => boolean;
  readonly resolve: (callback: LoopbackCallback) => void;
}

function createListener(
  servers: readonly Server[],
  port: number,
  path: string,
  words: LoopbackWords,
): LoopbackListener {
  let waiting: Waiting | undefined;
  const pages = new Map<string, { readonly name: LoopbackPageName; readonly delivered: () => void }>();

  const callbackArrived = (url: URL, response: ServerResponse): void => {
    if (!waiting?.belongs(url.searchParams)) {
      send(response, 404, 'notThisSignIn', words);
      return;
    }
    const { resolve } = waiting;
    waiting = undefined;
    resolve({
      parameters: url.searchParams,
      answer: async (outcome) => {
        const { promise: delivered, resolve: deliver } = Promise.withResolvers<void>();
        // The page has an address of its own, so the code does not stay in the browser's history (RFC 9700, 4.3.1).
        const address = `${path}/${outcome === 'signedIn' ? 'signed-in' : 'failed'}`;
        pages.set(address, { name: outcome, delivered: deliver });
        response.writeHead(302, { ...pageHeaders, Location: address, Connection: 'close' }).end();
        const patience = new AbortController();
        await Promise.race([
          delivered,
          wait(pageMilliseconds, undefined, { signal: patience.signal }).catch(() => undefined),
        ]);
        patience.abort();
      },
    });
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = URL.parse(request.url ?? '', `http://localhost:${port}`);
    if (url === null || !isOurHost(request.headers.host, port)) {
      send(response, 400, 'notHere', words);
      return;
    }
    const page = pages.get(url.pathname);
    if (request.method === 'GET' && page !== undefined) {
      response.once('finish', page.delivered);
      send(response, 200, page.name, words);
    } else if (request.method === 'GET' && (url.pathname === path || url.pathname === `${path}/`)) {
      callbackArrived(url, response);
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      send(response, 404, 'notHere', words);
    } else {
      response.setHeader('Allow', 'GET, HEAD');
      send(response, 405, 'notHere', words);
    }
    request.resume();
  };
  for (const server of servers) {
    server.on('request', answer);
    server.on('error', () => undefined); // A listening socket that breaks later ends in the sign-in's own time-out.
  }
  return {
    port,
    callback: (belongs, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<LoopbackCallback>();
      const onAbort = (): void => {
        waiting = undefined;
        reject(signal.reason as Error);
      };
      if (signal.aborted) onAbort();
      else {
        waiting = { belongs, resolve };
        signal.addEventListener('abort', onAbort, { once: true });
      }
      return promise.finally(() => {
        signal.removeEventListener('abort', onAbort);
      });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function send(response: ServerResponse, status: number, name: LoopbackPageName, words: LoopbackWords): void {
  response.writeHead(status, {
    ...pageHeaders,
    'Content-Type': 'text/html; charset=utf-8',
    Connection: 'close',
  });
  response.end(loopbackPage(name, words));
}

/** Only a request for this machine by a loopback name: a foreign one is DNS rebinding (RFC 8252, 8.3). */
function isOurHost(header: string | undefined, port: number): boolean {
  const url = header === undefined ? null : URL.parse(`http://${header}/`);
  return url !== null && isLoopbackHost(url.hostname) && url.port === String(port);
}
