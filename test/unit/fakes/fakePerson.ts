import { SignInError } from '../../../src/core/oauth/errors.ts';
import type {
  InteractionRequest,
  UserInteraction,
  TrustQuestion,
  AlternativeAction,
} from '../../../src/core/oauth/userInteraction.ts';

/** A person who sees turns, and gives up or goes another way when the test says so. */
interface FakePerson extends UserInteraction {
  /** Every turn that was shown, the last one last. */
  readonly turns: readonly InteractionRequest[];
  /** How many surfaces stand open now. */
  readonly open: number;
  giveUp(): void;
  choose(choice: AlternativeAction): void;
  /** How often, from now on, a new code is wanted when one ran out. */
  wantAnother(times: number): void;
  /** The servers that it was asked to trust; it trusts them unless told. */
  readonly asked: readonly TrustQuestion[];
  distrust(): void;
}

export function fakePerson(): FakePerson {
  const turns: InteractionRequest[] = [];
  const surfaces = new Set<PromiseWithResolvers<AlternativeAction>>();
  let wanted = 0;
  let trusts = true;
  const asked: TrustQuestion[] = [];
  return {
    turns,
    get open() {
      return surfaces.size;
    },
    giveUp: () => surfaces.forEach(({ reject }) => reject(new SignInError('cancelled'))),
    choose: (choice) => surfaces.forEach(({ resolve }) => resolve(choice)),
    wantAnother: (times) => {
      wanted = times;
    },
    confirmRetry: async () => wanted-- > 0,
    asked,
    distrust: () => {
      trusts = false;
    },
    trustsIssuer: async (question) => {
      if (!question.mayAsk) return false;
      asked.push(question);
      return trusts;
    },
    prompt: async (turn, signal) => {
      turns.push(turn);
      const surface = Promise.withResolvers<AlternativeAction>();
      surfaces.add(surface);
      signal.addEventListener('abort', () => surface.reject(signal.reason as Error), { once: true });
      return surface.promise.finally(() => surfaces.delete(surface));
    },
  };
}
