import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type LoopbackAddress = '127.0.0.1' | '::1';

/** One raw response from the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Opens a separate connection and ignores its errors: a listener may close it at any time.
 * @param holds keeps its own side open after the other side has ended
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

/** Sends raw bytes, and resolves with all responses when the other side has closed the connection. */
export async function sendRaw(
  port: number,
  bytes: string,
  address: LoopbackAddress = '127.0.0.1',
): Promise<readonly RawAnswer[]> {
  return answersOn(await openSocket(port, address), bytes);
}

/** As {@link sendRaw}, on an existing connection. */
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

/** The bytes of a request. Headers come from the caller, except for `Host`, which defaults to the listener's. */
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
  /** `null` omits it. */
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

/** RFC 9112, 7.1; a response to HEAD is marked as chunked but has no body. */
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
