import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { cleanEnvironment } from './cleanEnvironment.ts';
import { freePort } from './freePort.ts';
import { startGuarded, type GuardedProcess } from './guardedProcess.ts';
import { QUIET_SETTINGS } from './hostSettings.ts';
import { copyExtensions, folderArguments, installExtensions } from './installedExtensions.ts';
import { ensureHost } from './installHost.ts';
import { leanArguments } from './leanHost.ts';
import { updateSettings, type Settings } from './settingsFile.ts';

export interface VsCodeHostOptions {
  /** Paths of VSIX files to install. */
  readonly vsix?: readonly string[];
  /** User settings that override the defaults and those of a reused profile, or a function of these. */
  readonly settings?: Settings | ((current: Settings) => Settings);
  /** Environment of the server, and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Folder for all data of this VS Code. By default a new one, removed by `stop()`; a given one is kept with its
   * settings and extensions for later hosts.
   */
  readonly profileFolder?: string;
  /** Preferred port: the browser stores secrets by origin, so a profile needs the same port again. */
  readonly port?: number;
  /** Addresses that open without a question, such as `https://example.org`. */
  readonly trustedDomains?: readonly string[];
  /** Allows a page to load a test suite into the extension host (suite mode). */
  readonly suiteMode?: boolean;
  /** Log level of server, windows and extensions; `info` by default. */
  readonly logLevel?: 'trace';
  /** Display language, such as `de`. Without a language pack, VS Code's own texts stay English. */
  readonly language?: string;
  /** Omits built-in extensions that tests do not use. */
  readonly isLean?: boolean;
  /** Called after installing the extensions, before the server starts. */
  readonly whenInstalled?: (folders: HostFolders) => void;
}

/** A running code-server. */
export interface VsCodeHost {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly folders: HostFolders;
  /** The last lines of output from the server and its extension hosts. */
  logTail(lines?: number): string;
  /** Restarts the server on the same port and profile. */
  restart(): Promise<void>;
  /** Ends the server and all its processes; keeps the profile. */
  end(): Promise<void>;
  /** Ends it, and removes the profile unless it was given. */
  stop(): Promise<void>;
}

export interface HostFolders {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  readonly userData: string;
  readonly extensions: string;
  /** Empty folders to open, one per window. */
  readonly workspaces: string;
  /** Folder for probe requests (probe.ts). */
  readonly probe: string;
}

/** Name of the file in the root folder for the result of a suite in the extension host. */
export const SUITE_RESULT = 'suite-result.json';

const START_TIMEOUT_MS = 30_000;

/**
 * Starts a VS Code with its own folders on a free loopback port, installing it first if needed.
 * @throws with the end of its log, if it does not respond within 30 s
 */
export async function startVsCodeHost(options: VsCodeHostOptions = {}): Promise<VsCodeHost> {
  const installed = await ensureHost();
  const folders = makeFolders(options.profileFolder);
  const settingsFile = join(folders.userData, 'User/settings.json');
  const { settings = {} } = options;
  updateSettings(settingsFile, QUIET_SETTINGS, typeof settings === 'function' ? settings : () => settings);
  const lean = options.isLean === true ? leanArguments(installed) : [];
  const env = hostEnvironment(folders, options.env);
  const vsix = options.vsix ?? [];
  // In a reused profile, they replace the previous ones.
  if (options.profileFolder === undefined) copyExtensions(installed, vsix, folders.extensions);
  else installExtensions(installed, folders, env, vsix);
  options.whenInstalled?.(folders);
  if (options.language !== undefined) writeLanguagePack(folders, options.language);
  const port = await freePort(options.port);
  const logFile = join(folders.root, 'server.log');
  const logTail = (lines = 60) =>
    readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  const start = async (): Promise<GuardedProcess> => {
    const server = startGuarded(
      installed.node,
      [installed.entry, ...folderArguments(folders), ...serverArguments(port, options), ...lean],
      { env, logFile },
    );
    await untilItAnswers(server, `http://127.0.0.1:${port}/healthz`, logTail);
    return server;
  };
  let server = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    folders,
    logTail,
    restart: async () => {
      await server.stop();
      server = await start();
    },
    end: () => server.stop(),
    stop: async () => {
      await server.stop();
      if (!options.profileFolder)
        rmSync(folders.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function makeFolders(profileFolder: string | undefined): HostFolders {
  // Keep it short: it contains sockets, whose paths are limited to about 100 characters.
  const root = profileFolder ?? mkdtempSync(join(tmpdir(), 'vsc-'));
  const folders: HostFolders = {
    root,
    home: join(root, 'home'),
    temporary: join(root, 'tmp'),
    userData: join(root, 'data'),
    extensions: join(root, 'ext'),
    workspaces: join(root, 'workspaces'),
    probe: join(root, 'probe'),
  };
  for (const folder of Object.values(folders) as string[]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'config.yaml'), '{}\n');
  return folders;
}

function hostEnvironment(
  folders: HostFolders,
  changes: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return cleanEnvironment({
    HOME: folders.home,
    USERPROFILE: folders.home,
    TMPDIR: folders.temporary,
    PROBE_FOLDER: folders.probe,
    SUITE_RESULT: join(folders.root, SUITE_RESULT),
    LANG: 'C.UTF-8',
    // Without a marketplace: do not look elsewhere for extensions.
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    ...changes,
  });
}

/** An empty language pack: VS Code uses a language only if a language pack provides it. */
function writeLanguagePack({ userData }: HostFolders, language: string): void {
  const translations = join(userData, 'empty-language-pack.json');
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'test.empty-language-pack' }, version: '1.0.0' }];
  const pack = { hash: language, label: language, extensions, translations: { vscode: translations } };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

function serverArguments(
  port: number,
  { trustedDomains = [], suiteMode, logLevel, language }: VsCodeHostOptions,
): string[] {
  return [
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--auth',
    'none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    ...trustedDomains.flatMap((domain) => ['--link-protection-trusted-domains', domain]),
    ...(logLevel ? ['--log', logLevel] : []),
    ...(suiteMode ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ...(language === undefined ? [] : ['--locale', language]),
  ];
}

async function untilItAnswers(server: GuardedProcess, url: string, logTail: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (!server.isRunning()) throw new Error(`code-server ended at once:\n${logTail()}`);
    if (await isOk(url)) return;
    await sleep(50);
  }
  await server.stop();
  throw new Error(`code-server did not answer within ${START_TIMEOUT_MS / 1000} s:\n${logTail()}`);
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
