import { win32 } from 'node:path';

/** The default folder of Windows. */
const usualFolder = 'C:\\Windows';

/**
 * The folder of Windows: `SystemRoot`, if that is on a local drive, or else the default. A program's full path
 * does not depend on `PATH` or the working folder.
 */
export function windowsFolder({ SystemRoot }: NodeJS.ProcessEnv = process.env): string {
  const isLocal = SystemRoot !== undefined && /^[a-z]:\\[^\\/:*?"<>|]/i.test(SystemRoot);
  return isLocal && win32.normalize(SystemRoot) === SystemRoot ? SystemRoot : usualFolder;
}

/** The path of Windows PowerShell, which every Windows has. */
export function powershellIn(folder: string): string {
  return win32.join(folder, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}
