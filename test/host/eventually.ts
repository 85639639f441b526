import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

export interface Patience {
  /** 30 s by default. */
  readonly timeoutMs?: number;
}

/**
 * Polls until there is a result.
 * @param what completes "waited for …"
 * @param ask returns undefined to keep waiting; a thrown error does so too, and is the cause of the final error
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { timeoutMs = 30_000 }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`, { cause });
    await sleep(EVERY_MS);
  }
}

/** Whether a text is equal or matches. */
export type Wanted = string | RegExp;

export function fits(wanted: Wanted, text: string): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}
