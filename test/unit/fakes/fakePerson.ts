import { SignInError } from '../../../src/core/errors.ts';
import type { BrowserTurn, Person } from '../../../src/core/ports.ts';

/** A person who sees turns, and gives up when the test says so. */
interface FakePerson extends Person {
  /** Every turn that was shown, the last one last. */
  readonly turns: readonly BrowserTurn[];
  /** How many surfaces stand open now. */
  readonly open: number;
  giveUp(): void;
}

export function fakePerson(): FakePerson {
  const turns: BrowserTurn[] = [];
  const surfaces = new Set<(reason: Error) => void>();
  return {
    turns,
    get open() {
      return surfaces.size;
    },
    giveUp: () => surfaces.forEach((end) => end(new SignInError('cancelled'))),
    takeTurn: async (turn, signal) => {
      turns.push(turn);
      const { promise, reject } = Promise.withResolvers<never>();
      surfaces.add(reject);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      return promise.finally(() => surfaces.delete(reject));
    },
  };
}
