import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const timeoutMilliseconds = 1000;

/**
 * The displayed name of the program that runs as a process; undefined if the system does not report it, as on
 * Windows. A program can choose any name.
 */
export async function programName(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    switch (platform) {
      case 'linux':
        return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
      case 'darwin':
        return basename(
          (
            await run('/bin/ps', ['-o', 'comm=', '-p', String(pid)], { timeout: timeoutMilliseconds })
          ).stdout.trim(),
        );
      default:
        return undefined;
    }
  } catch {
    return undefined; // It has ended.
  }
}
