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
import { leanHost } from './leanHost.ts';
import { updateSettings, type Settings } from './settingsFile.ts';

export interface VsCodeHostOptions {
  /** Extensions to install, as paths of VSIX files. */
  readonly vsix?: readonly string[];
  /** User settings, over the quiet ones and over those of a profile that is used again; or how to make them of those. */
  readonly settings?: Settings | ((current: Settings) => Settings);
  /** Variables for the server and so for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The folder of everything that this VS Code keeps. A new one, removed by `stop()`, unless told; one that is given stays, and
   * a later host on it finds its settings and extensions again.
   */
  readonly profileFolder?: string;
  /** Preferred port: the browser keeps secrets by origin, so a profile wants the same one again. */
  readonly port?: number;
  /** Addresses that are opened without a question, as `https://example.org`. */
  readonly trustedDomains?: readonly string[];
  /** Lets a page bring a test suite into the extension host (suite mode). */
  readonly suiteMode?: boolean;
  /** What the server, the windows and the extensions log; `info` unless told. */
  readonly logLevel?: 'trace';
  /** The display language, as `de`. VS Code's own words stay English: without a language pack, only ours are translated. */
  readonly language?: string;
  /** Without most built-in extensions: what no test looks at. */
  readonly isLean?: boolean;
  /** Called when the extensions are installed, before the server starts. */
  readonly whenInstalled?: (folders: HostFolders) => void;
}

/** A running code-server. */
export interface VsCodeHost {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly folders: HostFolders;
  /** The last lines of what the server and its extension hosts said. */
  logTail(lines?: number): string;
  /** Ends the server and starts it again on the same port and profile. */
  restart(): Promise<void>;
  /** Ends the server and every process that it started; the profile stays. */
  end(): Promise<void>;
  /** Ends it, and removes a profile of its own. */
  stop(): Promise<void>;
}

export interface HostFolders {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  readonly userData: string;
  readonly extensions: string;
  /** Empty folders to open, one a window. */
  readonly workspaces: string;
  /** Where the probe takes its requests (probe.ts). */
  readonly probe: string;
}

/** The name, in the root folder, of the file in which a suite inside the extension host leaves its result. */
export const SUITE_RESULT = 'suite-result.json';

const START_TIMEOUT_MS = 30_000;

/**
 * Starts a VS Code whose every folder is its own, on a free loopback port, and installs it before where that is needed.
 * @throws when it does not answer within 30 s, with the end of its log
 */
export async function startVsCodeHost(options: VsCodeHostOptions = {}): Promise<VsCodeHost> {
  const installed = await ensureHost();
  const folders = makeFolders(options.profileFolder);
  const settingsFile = join(folders.userData, 'User/settings.json');
  const { settings = {} } = options;
  updateSettings(settingsFile, QUIET_SETTINGS, typeof settings === 'function' ? settings : () => settings);
  const lean = options.isLean === true ? leanHost(installed) : undefined;
  const env = hostEnvironment(folders, { ...lean?.env, ...options.env });
  const vsix = options.vsix ?? [];
  // In a profile that is used again they take the place of those from before.
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
      [
        installed.entry,
        ...folderArguments(folders),
        ...serverArguments(port, options),
        ...(lean?.arguments ?? []),
      ],
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
  // Short, because sockets lie in it, and their paths may have 100 characters.
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
    // No marketplace: what is not installed here is not looked for elsewhere.
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    ...changes,
  });
}

/** VS Code speaks a language only when a language pack has it: this one is empty. */
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
