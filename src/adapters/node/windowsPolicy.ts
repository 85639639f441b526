import { execFile } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { win32 } from 'node:path';
import { promisify } from 'node:util';
import { canOthersChange } from './windowsAccess.ts';
import { powershellIn, windowsFolder } from './windowsFolder.ts';

/** The calls to Windows, replaceable in tests. */
export interface WindowsSystem {
  /** The folder of Windows. */
  readonly folder: string;
  /** The output of a program that runs with exactly this environment. Rejects if it fails. */
  run(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<string>;
  isLink(path: string): Promise<boolean>;
}

const execute = promisify(execFile);

/** The Windows that this process runs on. */
export const windowsSystem = (): WindowsSystem => ({
  folder: folderOfLoadedLibrary() ?? windowsFolder(),
  run: async (program, args, env) =>
    (await execute(program, args, { env, windowsHide: true, timeout: 20_000 })).stdout,
  isLink: async (path) => (await lstat(path)).isSymbolicLink(),
});

/**
 * The folder of the machine's program data, from the machine's registry, which a user cannot change, unlike the
 * environment. If the registry does not have it, the default on the drive of Windows.
 */
export async function programDataFolder(system: WindowsSystem): Promise<string> {
  const drive = system.folder.slice(0, 2);
  const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
  const output = await run(system, win32.join(system.folder, 'System32', 'reg.exe'), [
    'query',
    key,
    '/v',
    'ProgramData',
    '/reg:64',
  ]).catch(() => '');
  const value = /^\s*ProgramData\s+REG_(?:EXPAND_)?SZ\s+(.+?)\s*$/im.exec(output)?.[1];
  const folder = value?.replace(/%SystemDrive%/i, () => drive);
  return folder !== undefined && /^[a-z]:\\[^%]+$/i.test(folder) ? folder : `${drive}\\ProgramData`;
}

/**
 * The first of a file and its folder that others than administrators can change, by their own access lists:
 * Windows itself protects the folders above.
 * @throws if that is unknown
 */
export async function changedByOthers(system: WindowsSystem, file: string): Promise<string | undefined> {
  const folder = win32.dirname(file);
  for (const path of [folder, file]) if (await system.isLink(path)) return path;
  // The module is named by its full path: the user's documents may contain another of this name.
  const command = [
    "$ErrorActionPreference = 'Stop'",
    'Import-Module "$PSHOME\\Modules\\Microsoft.PowerShell.Security\\Microsoft.PowerShell.Security.psd1"',
    '(Microsoft.PowerShell.Security\\Get-Acl -LiteralPath $env:POLICY_FOLDER).Sddl',
    '(Microsoft.PowerShell.Security\\Get-Acl -LiteralPath $env:POLICY_FILE).Sddl',
  ].join('; ');
  const output = await run(
    system,
    powershellIn(system.folder),
    ['-NoProfile', '-NonInteractive', '-Command', command],
    { POLICY_FOLDER: folder, POLICY_FILE: file },
  );
  const [ofFolder = '', ofFile = ''] = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const answers = [
    [folder, canOthersChange(ofFolder, 'folder')],
    [file, canOthersChange(ofFile, 'file')],
  ] as const;
  for (const [path, answer] of answers) {
    if (answer === undefined) throw Object.assign(new Error('No access list'), { code: 'ACL' });
    if (answer) return path;
  }
  return undefined;
}

/** Runs a program without the user's environment, which could choose a profiler or a module path. */
function run(
  system: WindowsSystem,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { folder } = system;
  const system32 = win32.join(folder, 'System32');
  return system.run(program, args, {
    SystemRoot: folder,
    windir: folder,
    SystemDrive: folder.slice(0, 2),
    PATH: system32,
    ...more,
  });
}

/** The folder from which Windows loaded its own library, independent of the environment. */
function folderOfLoadedLibrary(): string | undefined {
  try {
    const { sharedObjects = [] } = process.report.getReport() as {
      readonly sharedObjects?: readonly string[];
    };
    const library = sharedObjects.find((path) => /^[a-z]:\\[^:]+\\system32\\ntdll\.dll$/i.test(path));
    return library === undefined ? undefined : win32.dirname(win32.dirname(library));
  } catch {
    return undefined;
  }
}
