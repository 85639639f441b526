import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { distFolder } from '../tools/lib/paths.ts';
import { binaryScript } from '../tools/lib/projectBinary.ts';
import { eventually, type Patience } from './eventually.ts';
import { runQuietly } from './runQuietly.ts';

/** A session as another extension sees it; the token as its SHA-256 in hex. */
export interface ProbedSession {
  readonly id: string;
  readonly account: { readonly id: string; readonly label: string };
  readonly scopes: readonly string[];
  readonly tokenHash: string;
  /** The response to the request with the token, if an address was given. */
  readonly use: { readonly status: number; readonly body: string } | null;
}

export interface GetSessionRequest {
  readonly providerId: string;
  readonly scopes: readonly string[];
  /** VS Code's AuthenticationGetSessionOptions. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The address to send the token to. */
  readonly use?: {
    readonly url: string;
    /** `authorization` by default. */
    readonly header?: string;
    /** `Bearer ` by default. */
    readonly prefix?: string;
    /** Additional headers. */
    readonly headers?: Readonly<Record<string, string>>;
  };
}

/** The completion service of a tool, and the text to complete. */
export interface SuggestRequest extends Pick<GetSessionRequest, 'providerId' | 'scopes'> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** An error as another extension receives it. */
class ProbedError extends Error {
  /** The error's own `kind`, if any. */
  readonly kind: string | null;

  constructor({ name, message, kind }: ProbedErrorRecord) {
    super(message);
    this.name = name;
    this.kind = kind;
  }
}

interface ProbedErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly kind: string | null;
}

/** The test extension in one extension host. Every call rejects with a ProbedError when VS Code rejects. */
export interface Probe {
  /** Process ID of the extension host. */
  readonly pid: number;
  getSession(request: GetSessionRequest, patience?: Patience): Promise<ProbedSession | null>;
  getAccounts(providerId: string): Promise<readonly { readonly id: string; readonly label: string }[]>;
  /** The provider of every session change since the extension host started, in order. */
  sessionChanges(): Promise<readonly string[]>;
  /** The result must be JSON. */
  executeCommand(
    command: string,
    commandArguments?: readonly unknown[],
    patience?: Patience,
  ): Promise<unknown>;
  /** IDs of all commands with this prefix. */
  commands(prefix: string): Promise<readonly string[]>;
  extension(id: string): Promise<{ readonly isActive: boolean; readonly version: string } | null>;
  /** The result of `inspect` for a setting. */
  setting(name: string): Promise<Readonly<Record<string, unknown>> | null>;
  updateSetting(name: string, value: unknown): Promise<void>;
  environment(): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Opens a document with suggestions from a service, called with a session's token. @returns the account of the
   * session
   */
  suggestFrom(request: SuggestRequest): Promise<{ readonly label: string }>;
  readClipboard(): Promise<string>;
  /** Opens a link as a document would. */
  openLink(link: string): Promise<void>;
  /** The editor's diagnostics for the open document, and its completions right after a text. */
  shownDocument(behind?: string): Promise<ShownDocument | null>;
  /** Unhandled rejections of all extensions in the extension host. */
  unhandledErrors(): Promise<readonly { readonly name: string; readonly message: string }[]>;
}

export interface ShownDocument {
  readonly problems: readonly { readonly message: string; readonly text: string }[];
  readonly offered: readonly string[];
}

interface Hello {
  readonly pid: number;
  readonly startedAt: number;
  readonly workspaceFolders: readonly string[];
}

type Answer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ProbedErrorRecord };

/** getSession and commands may wait for the user. */
const ASKING_MS = 120_000;

/** The source folder of the probe; suite mode runs from it. */
export const probeSource = join(import.meta.dirname, 'probe-extension');

/** Packages the probe for installation in a host, unless it is unchanged. @returns the path of the VSIX */
export async function packProbe(): Promise<string> {
  const vsix = join(distFolder, 'test/probe.vsix');
  const changed = readdirSync(probeSource).map((name) => statSync(join(probeSource, name)).mtimeMs);
  if (existsSync(vsix) && statSync(vsix).mtimeMs > Math.max(...changed)) return vsix;
  mkdirSync(join(distFolder, 'test'), { recursive: true });
  const packArguments = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '-o',
    vsix,
  ];
  await runQuietly(
    'Packing the probe extension',
    process.execPath,
    [binaryScript('@vscode/vsce', 'vsce'), ...packArguments],
    { cwd: probeSource },
  );
  return vsix;
}

/**
 * Waits for the probe in a window's extension host.
 * @param folder the host's `folders.probe`
 * @param window the window's workspace folder, and its load time (epoch ms): a reloaded window has a new
 * extension host
 */
export async function attachProbe(
  folder: string,
  window: { readonly workspaceFolder: string; readonly since: number },
  patience: Patience = { timeoutMs: 60_000 },
): Promise<Probe> {
  const hello = await eventually(
    `the probe in ${window.workspaceFolder}`,
    () =>
      greetings(folder)
        .filter(
          ({ startedAt, workspaceFolders }) =>
            startedAt >= window.since && workspaceFolders.includes(window.workspaceFolder),
        )
        .toSorted((a, b) => b.startedAt - a.startedAt)[0],
    patience,
  );
  return probeAt(join(folder, String(hello.pid)), hello.pid);
}

function greetings(folder: string): Hello[] {
  return readdirSync(folder)
    .map((name) => join(folder, name, 'hello.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Hello);
}

function probeAt(folder: string, pid: number): Probe {
  const ask = async <T>(action: string, request: object = {}, patience: Patience = {}): Promise<T> => {
    const id = randomUUID();
    const file = join(folder, `${id}.request.json`);
    writeFileSync(`${file}.part`, JSON.stringify({ ...request, action }));
    renameSync(`${file}.part`, file);
    const answerFile = join(folder, `${id}.answer.json`);
    const answer = await eventually(
      `the probe's answer to ${action}`,
      () => (existsSync(answerFile) ? (JSON.parse(readFileSync(answerFile, 'utf8')) as Answer) : undefined),
      { timeoutMs: ASKING_MS, ...patience },
    );
    if (!answer.ok) throw new ProbedError(answer.error);
    return answer.value as T;
  };
  return {
    pid,
    getSession: (request, patience) => ask('getSession', request, patience),
    getAccounts: (providerId) => ask('getAccounts', { providerId }),
    sessionChanges: () => ask('sessionChanges'),
    executeCommand: (command, args = [], patience) => ask('executeCommand', { command, args }, patience),
    commands: (prefix) => ask('commands', { prefix }),
    extension: (id) => ask('extension', { id }),
    setting: (name) => ask('setting', { name }),
    updateSetting: async (name, value) => {
      await ask('updateSetting', { name, value });
    },
    environment: () => ask('environment'),
    suggestFrom: (request) => ask('suggestFrom', request),
    readClipboard: () => ask('readClipboard'),
    openLink: async (link) => {
      await ask('openLink', { link });
    },
    shownDocument: (behind) => ask('shownDocument', { behind }),
    unhandledErrors: () => ask('unhandledErrors'),
  };
}
