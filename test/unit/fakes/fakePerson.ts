import { SignInError } from '../../../src/core/errors.ts';
import type { BrowserTurn, Person, TurnChoice } from '../../../src/core/ports.ts';

/** A person who sees turns, and gives up or goes another way when the test says so. */
interface FakePerson extends Person {
  /** Every turn that was shown, the last one last. */
  readonly turns: readonly BrowserTurn[];
  /** How many surfaces stand open now. */
  readonly open: number;
  giveUp(): void;
  choose(choice: TurnChoice): void;
}

export function fakePerson(): FakePerson {
  const turns: BrowserTurn[] = [];
  const surfaces = new Set<PromiseWithResolvers<TurnChoice>>();
  return {
    turns,
    get open() {
      return surfaces.size;
    },
    giveUp: () => surfaces.forEach(({ reject }) => reject(new SignInError('cancelled'))),
    choose: (choice) => surfaces.forEach(({ resolve }) => resolve(choice)),
    takeTurn: async (turn, signal) => {
      turns.push(turn);
      const surface = Promise.withResolvers<TurnChoice>();
      surfaces.add(surface);
      signal.addEventListener('abort', () => surface.reject(signal.reason as Error), { once: true });
      return surface.promise.finally(() => surfaces.delete(surface));
    },
  };
}
