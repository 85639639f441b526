import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Desktop editors that run VS Code extensions, by the names for `npm run test:desktop -- --editor`. */
export const desktopEditors = {
  vscode: { app: 'Visual Studio Code', program: 'code', windows: ['Microsoft VS Code', 'Code.exe'] },
  vscodium: { app: 'VSCodium', program: 'codium', windows: ['VSCodium', 'VSCodium.exe'] },
  cursor: { app: 'Cursor', program: 'cursor', windows: ['cursor', 'Cursor.exe'] },
  windsurf: { app: 'Windsurf', program: 'windsurf', windows: ['Windsurf', 'Windsurf.exe'] },
  kiro: { app: 'Kiro', program: 'kiro', windows: ['Kiro', 'Kiro.exe'] },
} as const satisfies Readonly<
  Record<
    string,
    {
      /** On macOS. */
      readonly app: string;
      /** On Linux; the command-line program on all systems. */
      readonly program: string;
      /** Folder and file on Windows. */
      readonly windows: readonly [folder: string, file: string];
    }
  >
>;

export type DesktopEditor = keyof typeof desktopEditors;

export function isDesktopEditor(name: string): name is DesktopEditor {
  return Object.hasOwn(desktopEditors, name);
}

/** Queries about the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly exists: (path: string) => boolean;
  /** Resolves a link. @throws if the file does not exist */
  readonly realPath: (path: string) => string;
}

const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  exists: existsSync,
  realPath: (path) => realpathSync(path),
};

/** An installed editor. */
export interface InstalledEditor {
  /** The program itself, as `@vscode/test-electron` starts it. */
  readonly executable: string;
  /** Its command-line program, which installs extensions. */
  readonly cli: string;
}

/** @returns undefined if it is neither in a usual location nor on the PATH */
export function findInstalledEditor(
  name: DesktopEditor,
  machine: Machine = thisMachine,
): InstalledEditor | undefined {
  const executable = executablesOf(name, machine).find((path) => machine.exists(path));
  if (executable === undefined) return undefined;
  const cli = clisOf(name, executable, machine).find((path) => machine.exists(path));
  return cli === undefined ? undefined : { executable, cli };
}

/** Possible locations, most likely first. */
export function executablesOf(name: DesktopEditor, machine: Machine = thisMachine): readonly string[] {
  const { app, program, windows } = desktopEditors[name];
  const { platform, env, home } = machine;
  switch (platform) {
    case 'darwin':
      return ['/Applications', posix.join(home, 'Applications')].flatMap((folder) =>
        // The name is Electron's own or the product's.
        ['Electron', app.replace('Visual Studio ', ''), app].map((file) =>
          posix.join(folder, `${app}.app`, 'Contents/MacOS', file),
        ),
      );
    case 'win32': {
      const { LOCALAPPDATA, ProgramFiles } = env;
      const folders = [
        ...(LOCALAPPDATA === undefined ? [] : [win32.join(LOCALAPPDATA, 'Programs')]),
        ...(ProgramFiles === undefined ? [] : [ProgramFiles]),
      ];
      return folders.map((folder) => win32.join(folder, ...windows));
    }
    default:
      return [
        ...besideCommand(program, machine),
        `/usr/share/${program}/${program}`,
        `/opt/${program}/${program}`,
        `/opt/${app}/${program}`,
        `/snap/${program}/current/usr/share/${program}/${program}`,
      ];
  }
}

/** The command on the PATH is a link to `bin` in the program's folder. */
function besideCommand(program: string, { env, exists, realPath }: Machine): readonly string[] {
  return (env['PATH'] ?? '')
    .split(':')
    .filter(Boolean)
    .map((folder) => posix.join(folder, program))
    .filter(exists)
    .map((command) => posix.join(posix.dirname(realPath(command)), '..', program));
}

function clisOf(name: DesktopEditor, executable: string, { platform }: Machine): readonly string[] {
  const { program } = desktopEditors[name];
  if (platform === 'darwin') return [posix.join(executable, '../../Resources/app/bin', program)];
  if (platform === 'win32') return [win32.join(win32.dirname(executable), 'bin', `${program}.cmd`)];
  return ['bin', 'resources/app/bin'].map((folder) => posix.join(posix.dirname(executable), folder, program));
}
