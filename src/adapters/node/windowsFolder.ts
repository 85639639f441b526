import { win32 } from 'node:path';

/** Where Windows lies unless it was installed elsewhere. */
const usualFolder = 'C:\\Windows';

/**
 * The folder of Windows: what `SystemRoot` says, where that is a folder on a local drive, and else the usual one. A
 * program named by its whole path is the same whatever `PATH` and the working folder hold.
 */
export function windowsFolder({ SystemRoot }: NodeJS.ProcessEnv = process.env): string {
  const isLocal = SystemRoot !== undefined && /^[a-z]:\\[^\\/:*?"<>|]/i.test(SystemRoot);
  return isLocal && win32.normalize(SystemRoot) === SystemRoot ? SystemRoot : usualFolder;
}

/** Windows PowerShell, which every Windows has. */
export function powershellIn(folder: string): string {
  return win32.join(folder, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}
