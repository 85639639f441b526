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

/**
 * Answers for a file that another has open: on Windows a window, the AWS CLI, a virus scanner, or a backup; on a share of
 * Windows, on every system, another machine.
 */
export const inUse: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** That lasts milliseconds, as a rule. Waits in milliseconds, and all of them together. */
const [firstWait, longestWait, patience] = [10, 100, 2500];

/** Whether an error is what Windows answers while another has the file open; elsewhere nothing is. */
export function isInUse(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && inUse.has(codeOf(error) ?? '');
}

/**
 * Does `work` again while another has the file open, where that is in the way, for two and a half seconds. The same
 * answer means a file that may not be touched: it is believed after that. Many that wait for each other do so for times that
 * differ. Rejects as `work`.
 */
export async function onceFree<T>(
  work: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<T> {
  let waited = 0;
  for (let pause = firstWait; ; pause = Math.min(pause * 2, longestWait)) {
    try {
      return await work();
    } catch (error) {
      if (!isInUse(error, platform) || waited >= patience) throw error;
    }
    const milliseconds = pause * (0.5 + Math.random());
    waited += milliseconds;
    await sleep(milliseconds);
  }
}
