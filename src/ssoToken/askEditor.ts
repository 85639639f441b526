import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  endedFolderOfPipe,
  endedName,
  exitCodes,
  proofTexts,
  terminalVariables,
} from '../features/terminalProtocol.ts';
import type {
  SentResponse,
  SentRequest,
  TerminalResponse,
  TerminalRequest,
} from '../features/terminalProtocol.ts';

/** Timeout for the editor when no user has to act, in milliseconds. */
const timeoutMilliseconds = 30_000;
/** Size limit for an answer, in characters. */
const maxResponseBytes = 1024 * 1024;

/** After this time, in milliseconds, the editor is probably waiting for the user. */
const quick = 1500;

/**
 * Sends a request to the window of this terminal. Resolves with a failure if the window is gone. `waiting` is
 * called once the editor has the request and may be waiting for the user.
 */
export async function askEditor(
  request: TerminalRequest,
  environment: Readonly<Record<string, string | undefined>>,
  waiting: () => void = () => undefined,
  { platform = process.platform, temporary = tmpdir() } = {},
): Promise<TerminalResponse> {
  const path = environment[terminalVariables.socket];
  const secret = environment[terminalVariables.secret];
  if (!path || !secret)
    return notShared(
      'No sign-in is shared with this terminal, or its environment was cleared. Run "Use in Terminal" in the Command Palette, then open a new terminal.',
    );
  const isPipe = platform === 'win32';
  const problem = isPipe ? undefined : problemWith(path);
  if (problem !== undefined) return notShared(problem);
  const challenge = randomBytes(16).toString('hex');
  const proof = hash(proofTexts.request(secret));
  const sent: SentRequest = { ...request, proof, challenge, parent: process.ppid };
  const answer = await converse(
    path,
    `${JSON.stringify(sent)}\n`,
    hash(proofTexts.answer(secret, challenge)),
    request.signIn === true ? { waiting } : { timeoutMilliseconds },
  );
  if (answer !== undefined) return answer;
  const why = isPipe ? reasonIn(endedFolderOfPipe(path, temporary)) : undefined;
  return notShared(why ?? windowGone);
}

const windowGone =
  'The window that opened this terminal was closed or reloaded, or it no longer shares a sign-in. Open a new terminal.';

/**
 * Checks that the socket and its folder belong only to this user: another user may have taken over the folder
 * of a closed window. Returns the problem.
 */
function problemWith(path: string): string | undefined {
  try {
    const [folder, socket] = [lstatSync(dirname(path)), lstatSync(path)];
    const user = process.getuid?.();
    const isPrivate = folder.isDirectory() && folder.uid === user && (folder.mode & 0o077) === 0;
    if (isPrivate && socket.isSocket() && socket.uid === user) return undefined;
    return `${path} is not a socket of yours alone, so nothing was asked there. Open a new terminal.`;
  } catch {
    return whyEnded(dirname(path)) ?? windowGone;
  }
}

/** The window's reason for closing its socket, from the file in its folder. */
function whyEnded(folder: string): string | undefined {
  try {
    const [around, file] = [lstatSync(folder), lstatSync(join(folder, endedName))];
    const user = process.getuid?.();
    const isPrivate = around.isDirectory() && around.uid === user && (around.mode & 0o077) === 0;
    return isPrivate && file.uid === user ? reasonIn(folder) : undefined;
  } catch {
    return undefined;
  }
}

function reasonIn(folder: string): string | undefined {
  try {
    const path = join(folder, endedName);
    const file = lstatSync(path);
    if (!file.isFile() || file.size > maxResponseBytes) return undefined;
    // Drop control characters, which a terminal would interpret.
    const text = readFileSync(path, 'utf8').replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The editor's answer; undefined if nothing listens, or something other than the editor. */
function converse(
  path: string,
  line: string,
  proof: string,
  {
    timeoutMilliseconds: milliseconds,
    waiting,
  }: { readonly timeoutMilliseconds?: number; readonly waiting?: () => void },
): Promise<TerminalResponse | undefined> {
  const { promise, resolve } = Promise.withResolvers<TerminalResponse | undefined>();
  const socket = connect(path);
  let text = '';
  let isConnected = false;
  let notice: NodeJS.Timeout | undefined;
  if (milliseconds !== undefined)
    socket.setTimeout(milliseconds, () => resolve(failed('The editor didn’t answer in time. Try again.')));
  socket.setEncoding('utf8');
  socket.on('connect', () => {
    isConnected = true;
    socket.write(line);
    if (waiting !== undefined) notice = setTimeout(waiting, quick);
  });
  socket.on('data', (part: string) => {
    text += part;
    if (text.length > maxResponseBytes) resolve(failed('The editor’s response is too long.'));
    if (text.includes('\n')) resolve(parse(text, proof));
  });
  socket.on('error', () => resolve(isConnected ? refused : undefined));
  socket.on('close', () => resolve(refused));
  return promise.finally(() => {
    clearTimeout(notice);
    socket.destroy();
  });
}

function parse(text: string, wanted: string): TerminalResponse | undefined {
  try {
    const { proof, ...answer } = JSON.parse(text) as SentResponse;
    return proof === wanted ? answer : undefined;
  } catch {
    return failed('The editor’s response can’t be read.');
  }
}

function failed(message: string): TerminalResponse {
  return { failure: { exitCode: exitCodes.failed, message } };
}

function notShared(message: string): TerminalResponse {
  return { failure: { exitCode: exitCodes.notShared, message } };
}

const refused = failed(
  'The editor didn’t answer this request, possibly because there were too many. Try again in a moment.',
);
