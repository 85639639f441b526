import { readFile, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** The text of a file; undefined if it is missing. Rejects with the system's error otherwise. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await retryWhileBusy(() => readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Rejects with the code `ESPIPE` if `path` is a named pipe, which would block a thread until another program writes
 * to it, or a device other than the null device, which may never end; with `EFBIG` for a file over `maxBytes`; or with
 * the system's error.
 */
export async function throwIfEndless(path: string, maxBytes = Infinity): Promise<void> {
  const found = await stat(path);
  const isDevice = found.isCharacterDevice() && found.rdev !== (await stat(devNull)).rdev;
  const code = found.isFIFO() || isDevice ? 'ESPIPE' : found.size > maxBytes ? 'EFBIG' : undefined;
  if (code !== undefined) throw Object.assign(new Error(code), { code });
}

/** The system's error code, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Error codes for a file that another process has open: on Windows, a window, the AWS CLI, a virus scanner, or
 * a backup; on a Windows share, on every system, another machine.
 */
export const inUse: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** Delays between attempts and their total, in milliseconds; such a conflict usually lasts milliseconds. */
const [firstWait, longestWait, timeoutMilliseconds] = [10, 100, 2500];

/** Whether Windows reports that another process has the file open; false on other systems. */
export function isInUse(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && inUse.has(codeOf(error) ?? '');
}

/**
 * Retries `work` for two and a half seconds while another process has the file open, with random delays. After
 * that, the file counts as protected. Rejects as `work`.
 */
export async function retryWhileBusy<T>(
  work: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<T> {
  let waited = 0;
  for (let pause = firstWait; ; pause = Math.min(pause * 2, longestWait)) {
    try {
      return await work();
    } catch (error) {
      if (!isInUse(error, platform) || waited >= timeoutMilliseconds) throw error;
    }
    const milliseconds = pause * (0.5 + Math.random());
    waited += milliseconds;
    await sleep(milliseconds);
  }
}
