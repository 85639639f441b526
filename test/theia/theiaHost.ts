import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { cleanEnvironment } from '../host/cleanEnvironment.ts';
import { eventually } from '../host/eventually.ts';
import { freePort } from '../host/freePort.ts';
import { startGuarded, type GuardedProcess } from '../host/guardedProcess.ts';
import { QUIET_SETTINGS } from '../host/hostSettings.ts';
import { ensureTheia } from '../host/installTheia.ts';
import { updateSettings, type Settings } from '../host/settingsFile.ts';

export interface TheiaHostOptions {
  /** Paths of VSIX files to install. */
  readonly vsix: readonly string[];
  /** User settings that override the quiet defaults. */
  readonly settings: Settings;
}

/** A running Theia. */
export interface TheiaHost {
  /**
   * `http://theia.localhost:PORT`, without a trailing slash: Theia serves webviews from a subdomain. Below a bare
   * `localhost` they would be cross-site, and get no service worker if the browser blocks third-party storage.
   */
  readonly url: string;
  readonly folders: TheiaFolders;
  /** The last lines of output from the server and its plugin hosts. */
  logTail(lines?: number): string;
  /** Restarts the server on the same port and profile. */
  restart(): Promise<void>;
  /** Ends it and all its processes. */
  end(): Promise<void>;
  /** Ends it, and removes its profile. */
  stop(): Promise<void>;
}

export interface TheiaFolders {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  /** Settings, extensions, and their data. */
  readonly userData: string;
  /** Empty folders to open, one per window. */
  readonly workspaces: string;
  /** Folder for probe requests (test/host/probe.ts). */
  readonly probe: string;
}

/** Starts a Theia with its own folders on a free loopback port, building it first if needed. */
export async function startTheiaHost({ vsix, settings }: TheiaHostOptions): Promise<TheiaHost> {
  const { node, entry } = await ensureTheia();
  const folders = makeFolders();
  updateSettings(join(folders.userData, 'settings.json'), QUIET_SETTINGS, () => settings);
  install(vsix, folders);
  const port = await freePort();
  const logFile = join(folders.root, 'server.log');
  const env = cleanEnvironment({
    HOME: folders.home,
    USERPROFILE: folders.home,
    TMPDIR: folders.temporary,
    PROBE_FOLDER: folders.probe,
    THEIA_CONFIG_DIR: folders.userData,
    LANG: 'C.UTF-8',
  });
  const logTail = (lines = 60) =>
    readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  const start = async (): Promise<GuardedProcess> => {
    const started = startGuarded(node, [entry, '--hostname', 'localhost', '--port', String(port)], {
      env,
      logFile,
    });
    try {
      await eventually('Theia to answer', async () =>
        (await fetch(`http://localhost:${port}`)).ok ? true : undefined,
      );
    } catch (cause) {
      await started.stop();
      throw new Error(`Theia did not answer:\n${logTail()}`, { cause });
    }
    return started;
  };
  let server = await start();
  return {
    url: `http://theia.localhost:${port}`,
    folders,
    logTail,
    restart: async () => {
      await server.stop();
      server = await start();
    },
    end: () => server.stop(),
    stop: async () => {
      await server.stop();
      rmSync(folders.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** Theia unpacks VSIX files in this folder when it starts, as it does with an installed one. */
function install(vsix: readonly string[], { userData }: TheiaFolders): void {
  const folder = join(userData, 'deployedPlugins');
  mkdirSync(folder);
  for (const file of vsix) copyFileSync(file, join(folder, basename(file)));
}

function makeFolders(): TheiaFolders {
  const root = mkdtempSync(join(tmpdir(), 'theia-'));
  const folders: TheiaFolders = {
    root,
    home: join(root, 'home'),
    temporary: join(root, 'tmp'),
    userData: join(root, 'data'),
    workspaces: join(root, 'workspaces'),
    probe: join(root, 'probe'),
  };
  for (const folder of Object.values(folders) as string[]) mkdirSync(folder, { recursive: true });
  return folders;
}
