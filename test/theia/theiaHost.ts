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
  /** Extensions to install, as paths of VSIX files. */
  readonly vsix: readonly string[];
  /** User settings, over the quiet ones. */
  readonly settings: Settings;
}

/** A running Theia. */
export interface TheiaHost {
  /**
   * `http://theia.localhost:PORT`, without a slash at its end: Theia serves webviews from a name below its own, and below a bare
   * `localhost` they would be another site, which gets no service worker where a browser blocks third-party storage.
   */
  readonly url: string;
  readonly folders: TheiaFolders;
  /** The last lines of what the server and its plugin hosts said. */
  logTail(lines?: number): string;
  /** Ends the server and starts it again on the same port and profile. */
  restart(): Promise<void>;
  /** Ends it and every process that it started. */
  end(): Promise<void>;
  /** Ends it, and removes its profile. */
  stop(): Promise<void>;
}

export interface TheiaFolders {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  /** Settings, extensions, and what they keep. */
  readonly userData: string;
  /** Empty folders to open, one a window. */
  readonly workspaces: string;
  /** Where the probe takes its requests (test/host/probe.ts). */
  readonly probe: string;
}

/** Starts a Theia whose every folder is its own, on a free loopback port, and builds it before where that is needed. */
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

/** What lies there Theia unpacks as it starts, as it does with a VSIX that a person installs. */
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
