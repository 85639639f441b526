import { setTimeout as sleep } from 'node:timers/promises';

/** The pause between two attempts: at first, and at most. It grows, because each attempt costs processor time. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 150;

export interface Patience {
  /** 60 s by default: a busy machine draws a page late. */
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
  { timeoutMs = 60_000 }: Patience = {},
): Promise<T> {
  const started = Date.now();
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    const waitedMs = Date.now() - started;
    if (waitedMs >= timeoutMs) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`, { cause });
    await sleep(Math.min(Math.max(FIRST_PAUSE_MS, waitedMs / 8), LONGEST_PAUSE_MS));
  }
}

/** Whether a text is equal or matches. */
export type Wanted = string | RegExp;

export function fits(wanted: Wanted, text: string): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}
