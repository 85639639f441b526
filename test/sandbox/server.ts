import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => unknown;

/** A server of the sandbox; the caller closes it. */
export interface SandboxServer {
  /** `http://[::1]:PORT`, without a trailing slash. */
  readonly origin: string;
  /** Stops listening and closes open connections, including hanging ones. */
  close(): Promise<void>;
}

/**
 * Local addresses that VS Code in a browser does not rewrite: it maps `localhost` and 127.0.0.1 in opened
 * addresses to its port forwarding.
 */
const HOSTS = ['::1', '127.0.0.2'] as const;

/** Error codes without IPv6, or for IPv6 without a loopback address. */
const NO_SUCH_ADDRESS: readonly unknown[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Error codes of a port that is taken or reserved by the system. */
const NOT_TO_BE_HAD: readonly unknown[] = ['EADDRINUSE', 'EACCES'];

/** Preferred port and address; the server uses others if they are unavailable. */
export interface PreferredPlace {
  /** `::1` by default. VS Code asks before it opens an address, except for `[::1]`, which it trusts. */
  readonly host?: (typeof HOSTS)[number];
  readonly port?: number;
}

/**
 * Starts an HTTP server on a free loopback port.
 * @param handlerFor creates the handler once the origin is known, since an issuer uses its own address everywhere
 * @param watch called for every request before it is handled
 */
export async function startServer(
  handlerFor: (origin: string) => RequestHandler | Promise<RequestHandler>,
  preferred: PreferredPlace = {},
  watch: (req: IncomingMessage, res: ServerResponse) => void = () => undefined,
): Promise<SandboxServer> {
  const server = createServer();
  const origin = await listen(server, preferred);
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  try {
    const handler = await handlerFor(origin);
    server.on('request', (req, res) => {
      watch(req, res);
      void answer(handler, req, res);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, close };
}

async function listen(server: Server, { host: first = HOSTS[0], port = 0 }: PreferredPlace): Promise<string> {
  for (const host of new Set([first, ...HOSTS])) {
    const taken =
      (await listenAt(server, host, port)) ?? (port === 0 ? undefined : await listenAt(server, host, 0));
    if (taken !== undefined) return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  }
  throw new Error(
    `The sandbox cannot use any of the loopback addresses ${HOSTS.join(', ')} on this machine.`,
  );
}

/** @returns the port; undefined if this machine does not have the address or the port is taken */
async function listenAt(server: Server, host: string, port: number): Promise<number | undefined> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (NO_SUCH_ADDRESS.includes(code) || (port !== 0 && NOT_TO_BE_HAD.includes(code))) return undefined;
    throw error;
  }
}

async function answer(handler: RequestHandler, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    await handler(req, res);
  } catch (error) {
    const tooLarge = error instanceof BodyTooLargeError;
    // Ignore clients that disconnect during a request.
    if (!tooLarge && !req.complete) return;
    if (!tooLarge)
      console.error(`The sandbox failed at ${req.method} ${req.url?.replace(/[?#].*$/s, '')}:`, error);
    if (res.headersSent) {
      res.destroy();
      return;
    }
    res.writeHead(tooLarge ? 413 : 500, { 'content-type': 'text/plain', connection: 'close' });
    res.end(tooLarge ? 'The request is too large.' : 'The sandbox failed; see its output.');
  }
}

/** A request's body exceeded the limit. */
class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * Reads a request's body as UTF-8 text.
 * @param limitBytes 64 KiB by default
 * @throws {BodyTooLargeError} as soon as the limit is exceeded
 */
export async function readBody(req: IncomingMessage, limitBytes = 65_536): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Keep the connection open, to be able to respond.
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes)
      throw new BodyTooLargeError(`A request's body is longer than ${limitBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
