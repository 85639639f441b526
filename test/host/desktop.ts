import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cleanEnvironment } from './cleanEnvironment.ts';
import { QUIET_SETTINGS } from './hostSettings.ts';
import { runQuietly } from './runQuietly.ts';
import { updateSettings, type Settings } from './settingsFile.ts';
import { findOnPath } from './systemPackages.ts';

/** A desktop VS Code in a profile of its own. */
export interface Desktop {
  /** Resolves when its last window was closed. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

export interface DesktopOptions {
  /** The command line program. */
  readonly cli: string;
  readonly profileFolder: string;
  readonly vsix: string;
  readonly settings: (current: Settings) => Settings;
  /** Variables for the window and so for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** On Windows the command line program is a .cmd file, which only a shell starts, and a shell wants quotes. (Not run.) */
const shell = process.platform === 'win32';
const quoted = (text: string) => (shell ? `"${text}"` : text);

/** `code` on the PATH, where it can open a window of this machine's own VS Code; otherwise undefined. */
export function findDesktop(): string | undefined {
  const { env } = process;
  // In a terminal of a VS Code that is connected elsewhere, and in WSL, `code` talks to that one and takes no profile.
  if (env['VSCODE_IPC_HOOK_CLI'] || env['WSL_DISTRO_NAME']) return undefined;
  if (process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return undefined;
  return findOnPath('code');
}

/** VS Code refuses to start as root on Linux without it. */
export function asRoot(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** @throws with its output when VS Code does not take the extension */
export function installInDesktop(cli: string, profile: readonly string[], vsix: string): Promise<void> {
  const cliArguments = [...profile, '--install-extension', vsix, '--force'];
  return runQuietly('Installing the extension in VS Code', quoted(cli), cliArguments.map(quoted), {
    env: cleanEnvironment(),
    shell,
  });
}

/** Installs the extension and opens a window. */
export async function startDesktop({
  cli,
  profileFolder,
  vsix,
  settings,
  env = {},
}: DesktopOptions): Promise<Desktop> {
  const userData = join(profileFolder, 'data');
  const workspace = join(profileFolder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  updateSettings(join(userData, 'User/settings.json'), QUIET_SETTINGS, settings);
  const profile = [
    `--user-data-dir=${userData}`,
    `--extensions-dir=${join(profileFolder, 'ext')}`,
    ...asRoot(),
  ];
  await installInDesktop(cli, profile, vsix);
  const child = spawn(quoted(cli), [...profile, '--new-window', '--wait', workspace].map(quoted), {
    env: cleanEnvironment(env),
    shell,
    stdio: 'inherit',
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
  return {
    closed,
    stop: async () => {
      // The command line program only waits; VS Code itself is not its child, but leaves its process id in the profile.
      endProcess(lockHolder(userData));
      child.kill();
      await closed;
    },
  };
}

function lockHolder(userData: string): number | undefined {
  try {
    return Number(readFileSync(join(userData, 'code.lock'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function endProcess(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It was closed by hand.
  }
}
