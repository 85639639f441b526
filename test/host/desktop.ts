import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cleanEnvironment } from './cleanEnvironment.ts';
import { QUIET_SETTINGS } from './hostSettings.ts';
import { runQuietly } from './runQuietly.ts';
import { updateSettings, type Settings } from './settingsFile.ts';
import { findOnPath } from './systemPackages.ts';

/** A desktop VS Code with its own profile. */
export interface Desktop {
  /** Resolves when its last window closes. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

export interface DesktopOptions {
  /** The command-line program. */
  readonly cli: string;
  readonly profileFolder: string;
  readonly vsix: string;
  readonly settings: (current: Settings) => Settings;
  /** Environment of the window, and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * On Windows, the command-line program is a .cmd file, which only a shell can start, with quoted arguments.
 * (Untested.)
 */
const shell = process.platform === 'win32';
const quoted = (text: string) => (shell ? `"${text}"` : text);

/** `code` on the PATH if it can open a window of a local VS Code; otherwise undefined. */
export function findDesktop(): string | undefined {
  const { env } = process;
  // In the terminal of a remote VS Code, and in WSL, `code` opens that VS Code and ignores profiles.
  if (env['VSCODE_IPC_HOOK_CLI'] || env['WSL_DISTRO_NAME']) return undefined;
  if (process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return undefined;
  return findOnPath('code');
}

/** On Linux, VS Code refuses to start as root without this. */
export function asRoot(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** @throws with its output if VS Code does not install the extension */
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
      // The command-line program only waits; VS Code is not its child, but writes its process ID to the
      // profile.
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
    // Already closed by hand.
  }
}
