import { SignInError } from '../../../src/core/oauth/errors.ts';
import type {
  InteractionRequest,
  UserInteraction,
  TrustQuestion,
  AlternativeAction,
} from '../../../src/core/oauth/userInteraction.ts';

/** A user who sees prompts, and cancels or chooses an alternative when the test says so. */
interface FakePerson extends UserInteraction {
  /** All prompts shown, the latest last. */
  readonly turns: readonly InteractionRequest[];
  /** Number of open prompts. */
  readonly open: number;
  giveUp(): void;
  choose(choice: AlternativeAction): void;
  /** How many more times the user wants a new code after one expired. */
  wantAnother(times: number): void;
  /** Issuers that the user was asked to trust; trusts them by default. */
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
