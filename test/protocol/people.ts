import { SignInError } from '../../src/core/oauth/errors.ts';
import type {
  InteractionRequest,
  UserInteraction,
  TrustQuestion,
  AlternativeAction,
} from '../../src/core/oauth/userInteraction.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

export const ana = 'ana@example.com';
export const ben = 'ben@example.com';
/** Can sign in at Okta, but is not assigned to the application. */
export const cho = 'cho@example.com';

/** A user whose screen the test can inspect. */
export interface TestPerson extends UserInteraction {
  /** All prompts shown, the latest last. */
  readonly turns: readonly InteractionRequest[];
  /** Number of open prompts. */
  readonly open: number;
  /** Issuers that the user was asked to trust; trusts them by default. */
  readonly asked: readonly TrustQuestion[];
  giveUp(): void;
  /** Chooses an alternative that the prompt offers. */
  choose(way: AlternativeAction): void;
}

/** A user who runs `act` when the sign-in waits for the browser; without it, one who is away. */
export function personWho(
  act: (turn: InteractionRequest) => unknown = () => undefined,
  trusts = true,
): TestPerson {
  const turns: InteractionRequest[] = [];
  const asked: TrustQuestion[] = [];
  const surfaces = new Set<PromiseWithResolvers<AlternativeAction>>();
  return {
    turns,
    asked,
    trustsIssuer: async (question) => {
      if (!question.mayAsk) return false;
      asked.push(question);
      return trusts;
    },
    get open() {
      return surfaces.size;
    },
    giveUp: () => {
      for (const { reject } of surfaces) reject(new SignInError('cancelled'));
    },
    choose: (way) => {
      for (const { resolve } of surfaces) resolve(way);
    },
    prompt: async (turn, signal) => {
      signal.throwIfAborted();
      turns.push(turn);
      const surface = Promise.withResolvers<AlternativeAction>();
      const { promise, reject } = surface;
      const abort = (): void => reject(signal.reason as Error);
      surfaces.add(surface);
      signal.addEventListener('abort', abort, { once: true });
      Promise.resolve(turn).then(act).catch(reject);
      try {
        return await promise;
      } finally {
        surfaces.delete(surface);
        signal.removeEventListener('abort', abort);
      }
    },
  };
}

/** Approves the device code as `username` as soon as it is shown. */
export function approving(sandbox: Sandbox, username: string): TestPerson {
  return personWho(({ userCode }) => sandbox.identityCenter.approve(userCode ?? '', username));
}

export function denying(sandbox: Sandbox): TestPerson {
  return personWho(({ userCode }) => sandbox.identityCenter.deny(userCode ?? ''));
}

/** Signs in at Okta's page as `username` and follows the redirect to the loopback listener. */
export function signingInAtOkta(sandbox: Sandbox, username: string): TestPerson {
  return personWho(async ({ url }) => {
    const { location } = await sandbox.okta.authorize(url, username);
    if (location !== undefined) await fetch(location);
  });
}
