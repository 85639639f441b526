import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const patience = 1000;

/**
 * The name of the program that runs as this process, for a person to read; undefined where the system does not tell, as
 * Windows does not. A program can name itself as it likes.
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
          (await run('/bin/ps', ['-o', 'comm=', '-p', String(pid)], { timeout: patience })).stdout.trim(),
        );
      default:
        return undefined;
    }
  } catch {
    return undefined; // It has ended.
  }
}
