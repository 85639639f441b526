import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type LoopbackAddress = '127.0.0.1' | '::1';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Opens a connection of its own and lets nothing of it become an error: a listener may close it at any time.
 * @param holds stays open on its own side when the other side has ended
 */
export async function openSocket(
  port: number,
  address: LoopbackAddress = '127.0.0.1',
  holds = false,
): Promise<Socket> {
  const socket = connect({ host: address, port, allowHalfOpen: holds });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** Sends bytes as they are and resolves with every answer, when the other side has closed the connection. */
export async function sendRaw(
  port: number,
  bytes: string,
  address: LoopbackAddress = '127.0.0.1',
): Promise<readonly RawAnswer[]> {
  return answersOn(await openSocket(port, address), bytes);
}

/** As {@link sendRaw}, on a connection that stands already. */
export async function answersOn(socket: Socket, bytes: string): Promise<readonly RawAnswer[]> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  if (socket.closed) closed.resolve();
  socket.write(bytes, 'latin1');
  await closed.promise;
  return parseAnswers(text);
}

/** A request's bytes. Every header is the caller's but `Host`, which is the listener's own unless told otherwise. */
export function requestBytes(
  target: string,
  port: number,
  { method = 'GET', host = `localhost:${port}`, headers = [], body = '' }: RequestParts = {},
): string {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...headers,
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export interface RequestParts {
  readonly method?: string;
  /** `null`: none. */
  readonly host?: string | null;
  readonly headers?: readonly string[];
  readonly body?: string;
}

function parseAnswers(text: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== '';) {
    const [head = ''] = rest.split('\r\n\r\n', 1);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.replace(/^[^:]*:\s*/, '')]),
    );
    const behind = rest.slice(head.length + 4);
    const [body, left] =
      headers['transfer-encoding'] === 'chunked' ? dechunk(behind) : byLength(behind, headers);
    answers.push({ status: Number(statusLine.split(' ')[1]), headers, body });
    rest = left;
  }
  return answers;
}

function byLength(text: string, headers: Readonly<Record<string, string>>): readonly [string, string] {
  const length = Number(headers['content-length'] ?? text.length);
  return [text.slice(0, length), text.slice(length)];
}

/** RFC 9112, 7.1; what answers a HEAD says that it is chunked and has no body. */
function dechunk(text: string): readonly [string, string] {
  let body = '';
  let rest = text;
  while (rest !== '') {
    const [line = ''] = rest.split('\r\n', 1);
    const size = Number.parseInt(line, 16);
    body += rest.slice(line.length + 2, line.length + 2 + size);
    rest = rest.slice(line.length + 2 + size + 2);
    if (size === 0) break;
  }
  return [body, rest];
}
