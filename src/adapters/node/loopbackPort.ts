import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { PortRefusal } from '../../core/oauth/errors.ts';

/** The two addresses of `localhost`; browsers differ in which they try first (docs/PROTOCOL.md, 3). */
const addresses = ['127.0.0.1', '::1'] as const;
/** Error codes of a machine without one address family; the other address is then sufficient. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);
/** Timeout of a request; an unfinished one is a scanner or a stuck connection. */
const requestMilliseconds = 5000;
/**
 * Limit for headers, in bytes: a browser sends every `localhost` cookie, whatever its port (RFC 6265, 8.5), up
 * to 180 of 4 KB.
 */
const headerLimit = 1024 * 1024;
/** Maximum number of connections per address: each can hold headers of {@link headerLimit} in memory. */
const maxSockets = 128;
/** Timeout, size limit and expected answer of our own probe. */
const probeMilliseconds = 1000;
const probeLimit = 16_384;
/** The header with which the listener answers our own probe. */
export const probeHeader = 'X-Developer-Sign-In';

/** A port that is bound on every loopback address of this machine. */
export interface Bound {
  readonly port: number;
  readonly servers: readonly BoundServer[];
  /** Keeps the connection of a response open until it is sent, however many others there are. */
  readonly keep: (response: ServerResponse) => void;
}

interface BoundServer {
  readonly address: string;
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
}

/** Binds a port on every loopback address of this machine; undefined if one of them is taken. */
export async function bindBoth(wanted: number, refusals: PortRefusal[]): Promise<Bound | undefined> {
  const servers: BoundServer[] = [];
  const kept = new WeakSet<Socket>();
  let port = wanted;
  for (const address of addresses) {
    const server = createServer({
      requestTimeout: requestMilliseconds,
      headersTimeout: requestMilliseconds,
      maxHeaderSize: headerLimit,
      connectionsCheckingInterval: 1000,
      keepAlive: false,
      requireHostHeader: false, // A request without `Host` gets our own error page, as any other.
    });
    const code = await bind(server, port, address);
    if (code === undefined) {
      servers.push({ address, server, sockets: socketsOf(server, kept) });
      port = portOf(server) ?? port;
    } else if (!noSuchFamily.has(code)) {
      refusals.push({ port, address, code });
      await Promise.all(servers.map(close));
      return undefined;
    }
  }
  const keep = ({ socket }: ServerResponse): void => {
    if (socket !== null) kept.add(socket);
  };
  if (servers.length > 0) return { port, servers, keep };
  refusals.push({ port, address: 'localhost', code: 'EADDRNOTAVAIL' });
  return undefined;
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : undefined;
}

/**
 * Asks each bound address, over a plain socket, for an answer that only this listener has: another program may
 * listen on one of them and receive the browser's request (docs/PROTOCOL.md, 3). Undefined if all are ours.
 */
export async function probe({ port, servers }: Bound, nonce: string): Promise<PortRefusal | undefined> {
  const answers = await Promise.all(servers.map(({ address }) => answersWith(address, port, nonce)));
  const foreign = servers[answers.indexOf(false)];
  return foreign && { port, address: foreign.address, code: 'EFOREIGN' };
}

function answersWith(host: string, port: number, nonce: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  let text = '';
  socket.setTimeout(probeMilliseconds, () => {
    resolve(false);
  });
  socket.on('connect', () =>
    socket.write(`HEAD /${nonce} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
  );
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (text.length > probeLimit) resolve(false);
  });
  socket.on('error', () => {
    resolve(false);
  });
  socket.on('close', () => {
    resolve(text.includes(`${probeHeader}: ${nonce}\r\n`));
  });
  return promise.finally(() => socket.destroy());
}

/** Resolves with the system's error code if the address cannot be bound. */
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

/**
 * Every open connection, including those that no longer speak HTTP: the server forgets them, but waits for them
 * on close. Beyond {@link maxSockets}, a new one replaces the oldest that is not `kept`: a browser opens its own when it is
 * redirected, and gets its response at once, except for the callback, which waits for its exchange.
 */
function socketsOf(server: Server, kept: WeakSet<Socket>): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    if (sockets.size >= maxSockets) [...sockets].find((one) => !kept.has(one))?.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Closes a server with its open connections. */
export function close({ server, sockets }: BoundServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => {
    resolve();
  });
  for (const socket of sockets) socket.destroy();
  return promise;
}
