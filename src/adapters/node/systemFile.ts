import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** A file's text, or undefined when it’s missing. Rejects with the system's error otherwise. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await onceFree(() => readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The system's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What Windows answers while another has a file open: a window, the AWS CLI, a virus scanner, a backup. */
const inUse = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** That lasts milliseconds, as a rule; the last wait is as long as all others together. */
const waits = [10, 20, 40, 80, 160, 320, 640, 1280];

/** Whether an error is what Windows answers while another has the file open; elsewhere nothing is. */
export function isInUse(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && inUse.has(codeOf(error) ?? '');
}

/**
 * Does `work` again while another has the file open, where that is in the way, for two and a half seconds. The same
 * answer means a file that may not be touched: it is believed after that. Rejects as `work`.
 */
export async function onceFree<T>(
  work: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<T> {
  for (const milliseconds of waits) {
    try {
      return await work();
    } catch (error) {
      if (!isInUse(error, platform)) throw error;
      await sleep(milliseconds);
    }
  }
  return work();
}
