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

/** A person whose screen the test can see. */
export interface TestPerson extends UserInteraction {
  /** Every turn that was shown, the last one last. */
  readonly turns: readonly InteractionRequest[];
  /** How many surfaces stand open now. */
  readonly open: number;
  /** The servers that it was asked to trust; it trusts them unless told. */
  readonly asked: readonly TrustQuestion[];
  giveUp(): void;
  /** Takes another of the ways that the turn offers. */
  choose(way: AlternativeAction): void;
}

/** A person who does `act` when the browser has the turn; without it one who has gone for coffee. */
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

/** Approves the device code as `username`, as soon as it is shown. */
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
