import { setTimeout as wait } from 'node:timers/promises';
import type { Fleet, Kill, WindowProcess } from './fleet.ts';
import type { Ledger } from './ledger.ts';
import { namedSteps } from './messages.ts';

/** How a round's processes are killed. */
export interface Killing {
  readonly everyMilliseconds: number;
  /** Number of kills at each step. */
  readonly times: number;
}

/** Timeout for a process to reach a step; it is then killed wherever it is. */
const patienceMilliseconds = 5_000;
/** Number of further processes to try at that step afterwards. */
const mostTries = 4;

/**
 * Kills processes of a fleet one after another, at each named step in turn and then at random, for a number of
 * rounds or until `signal` aborts. The fleet's owner replaces killed processes.
 */
export async function killOneByOne(
  fleet: Fleet,
  ledger: Ledger,
  { everyMilliseconds, times }: Killing,
  signal: AbortSignal,
): Promise<void> {
  const ways = Array.from({ length: times }, () => [...namedSteps, 'random' as const]).flat();
  for (const where of ways) {
    for (let died: Kill['where'] | undefined, tries = 0; died !== where && tries < mostTries; tries++) {
      const window = anyOf([...fleet.windows]);
      if (window === undefined) return;
      await window.ready;
      const pause = everyMilliseconds * (0.5 + Math.random());
      await wait(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      died = (await killAt(where, window, ledger))?.where;
    }
  }
}

/** Where it was killed: random if it did not reach the step. */
async function killAt(
  where: Kill['where'],
  window: WindowProcess,
  ledger: Ledger,
): Promise<Kill | undefined> {
  if (where === 'random') {
    window.killNow('random');
  } else if (where === 'accepted') {
    ledger.beforeAnswer = ({ asker }) => {
      if (asker !== window.name) return undefined;
      window.killNow('accepted');
      return new Promise(() => undefined);
    };
  } else {
    window.tell({ type: 'dieAt', step: where });
  }
  const giveUp = setTimeout(() => window.killNow('random'), patienceMilliseconds);
  const kill = await window.gone;
  clearTimeout(giveUp);
  ledger.beforeAnswer = () => undefined;
  return kill;
}

function anyOf<T>(all: readonly T[]): T | undefined {
  return all[Math.floor(Math.random() * all.length)];
}
