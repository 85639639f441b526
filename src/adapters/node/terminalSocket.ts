import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRateLimit } from '../../features/rateLimit.ts';
import type { Rate } from '../../features/rateLimit.ts';
import {
  endedFolderOfPipe,
  endedName,
  maxRequestBytes,
  proofTexts,
} from '../../features/terminalProtocol.ts';
import type { SentResponse, TerminalResponse } from '../../features/terminalProtocol.ts';
import { parseJson } from '../../core/text/parseJson.ts';
import { programName } from './programName.ts';

/** A request of a program that proved to know the secret. */
export interface ReceivedRequest {
  readonly request: unknown;
  /** The name of the program that started `sso-token`, if the system reports it. */
  readonly program?: string;
}

/** Answers a request; the signal aborts when the program disconnects. */
export type HandleRequest = (received: ReceivedRequest, signal: AbortSignal) => Promise<TerminalResponse>;

/** A listening socket; disposing of it removes its file. */
export interface TerminalSocket extends Disposable {
  readonly path: string;
  readonly secret: string;
  /** Stops listening. Until disposal, `sso-token` finds `why`; a later reason replaces it. */
  end(why: string): void;
}

/** The limits of a terminal socket. */
export interface TerminalSocketLimits {
  /** Timeout for a program to send its request. */
  readonly requestMilliseconds: number;
  /** Maximum number of connected programs; a sign-in keeps one waiting. */
  readonly connections: number;
  /** Rate limit for requests with the secret. */
  readonly rate: Rate;
  /** Minimum age of an abandoned folder: a younger one may belong to a window that is starting. */
  readonly youngMilliseconds: number;
  /** The same for the folder of a closed socket, whose terminals may still be open. */
  readonly endedMilliseconds: number;
}

const usualLimits: TerminalSocketLimits = {
  requestMilliseconds: 2000,
  connections: 64,
  rate: { burst: 100, perSecond: 20 },
  youngMilliseconds: 60_000,
  endedMilliseconds: 7 * 24 * 60 * 60_000,
};

const folderPrefix = 'sso-token-';
const socketName = 'socket';
const probeMilliseconds = 1000;

/**
 * Listens for the programs of this window's terminals: on a Unix socket in a folder that only this user can
 * enter, or on a named pipe with a random name. Disconnects a program that does not prove to know this window's
 * secret, or that sends too much, too slowly or too often. Rejects with the system's error.
 */
export async function openTerminalSocket(
  answer: HandleRequest,
  {
    base = tmpdir(),
    platform = process.platform,
    pipes = '\\\\.\\pipe\\',
    ...given
  }: Partial<TerminalSocketLimits> & {
    readonly base?: string;
    readonly platform?: NodeJS.Platform;
    readonly pipes?: string;
  } = {},
): Promise<TerminalSocket> {
  const limits = { ...usualLimits, ...given };
  const secret = randomBytes(32).toString('hex');
  const server = createTerminalServer(secret, answer, limits);
  const isPipe = platform === 'win32';
  const place = isPipe || isShort(base) ? base : '/tmp';
  await removeAbandoned(place, limits);
  const pipe = `${pipes}${folderPrefix}${randomBytes(16).toString('hex')}`;
  // `mkdtemp` creates a folder that is private to its owner.
  const folder = isPipe ? endedFolderOfPipe(pipe, base) : await mkdtemp(join(place, folderPrefix));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const path = isPipe ? pipe : join(folder, socketName);
    await listen(server.server, path);
    if (!isPipe) await chmod(path, 0o600);
    return {
      path,
      secret,
      end: (why) => {
        server.close();
        try {
          if (isPipe) mkdirSync(folder, { recursive: true, mode: 0o700 });
          writeFileSync(join(folder, endedName), why, { mode: 0o600 });
        } catch {
          // Without this file, sso-token reports that the window is closed or shares nothing.
        }
      },
      [Symbol.dispose]: () => {
        server.close();
        remove();
      },
    };
  } catch (error) {
    server.close();
    remove();
    throw error;
  }
}

/** Whether a socket's path fits: 104 bytes on macOS, 108 on Linux. */
function isShort(base: string): boolean {
  return Buffer.byteLength(join(base, `${folderPrefix}XXXXXX`, socketName)) < 104;
}

function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, () => {
    server.off('error', reject);
    server.on('error', () => undefined); // After a later error, programs get no answer and report that themselves.
    resolve();
  });
  return promise;
}

function createTerminalServer(
  secret: string,
  answer: HandleRequest,
  limits: TerminalSocketLimits,
): { readonly server: Server; readonly close: () => void } {
  const life = new AbortController();
  const sockets = new Set<Socket>();
  const isWithinRate = createRateLimit(limits.rate, () => performance.now());
  const server = createServer((socket) => {
    if (sockets.size >= limits.connections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // The program has disconnected.
    void converse(socket).finally(() => socket.destroySoon());
  });
  const converse = async (socket: Socket): Promise<void> => {
    const line = await readLine(socket, limits.requestMilliseconds);
    const sent = line === undefined ? undefined : parseJson(line);
    if (!isObject(sent) || !isSame(sent['proof'], hash(proofTexts.request(secret)))) return;
    if (!isWithinRate()) return;
    const { proof: _proof, challenge, parent, ...request } = sent;
    if (typeof challenge !== 'string') return;
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    const program = typeof parent === 'number' ? await programName(parent) : undefined;
    const signal = AbortSignal.any([gone.signal, life.signal]);
    const answered = await answer({ request, ...(program === undefined ? {} : { program }) }, signal).catch(
      () => undefined,
    );
    if (answered === undefined || signal.aborted) return;
    const proven: SentResponse = { ...answered, proof: hash(proofTexts.answer(secret, challenge)) };
    socket.end(`${JSON.stringify(proven)}\n`);
  };
  return {
    server,
    close: () => {
      life.abort();
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The first line; undefined if it is late or too long. */
function readLine(socket: Socket, milliseconds: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const parts: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  const take = (part: Buffer): void => {
    size += part.length;
    const end = part.indexOf('\n');
    if (size > maxRequestBytes) resolve(undefined);
    else if (end < 0) parts.push(part);
    else resolve(Buffer.concat([...parts, part.subarray(0, end)]).toString('utf8'));
  };
  socket.on('data', take);
  socket.once('close', () => resolve(undefined));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('data', take);
    socket.resume(); // Lets the socket see its end.
  });
}

function isObject(sent: unknown): sent is Readonly<Record<string, unknown>> {
  return typeof sent === 'object' && sent !== null;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares in constant time. */
function isSame(sent: unknown, proof: string): boolean {
  if (typeof sent !== 'string') return false;
  const [one, other] = [sent, proof].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/**
 * Removes the sockets of killed windows, and their folders if nothing else is in them, but nothing that another user
 * or a link put in their place.
 */
async function removeAbandoned(
  base: string,
  { youngMilliseconds, endedMilliseconds }: TerminalSocketLimits,
): Promise<void> {
  const names = await readdir(base).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(folderPrefix))) {
    const folder = join(base, name);
    try {
      const found = await lstat(folder);
      // On Windows, each user has a folder for temporary files.
      const isOurs = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
      const hasEnded = await lstat(join(folder, endedName)).then(
        () => true,
        () => false,
      );
      const isYoung = Date.now() - found.mtimeMs < (hasEnded ? endedMilliseconds : youngMilliseconds);
      if (!isOurs || isYoung || (await answers(join(folder, socketName)))) continue;
      for (const own of [socketName, endedName]) await rm(join(folder, own), { force: true });
      await rmdir(folder);
    } catch {
      // Another window has removed it, or it has other files.
    }
  }
}

/** Whether a window listens on the socket. */
function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.setTimeout(probeMilliseconds, () => resolve(true));
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
