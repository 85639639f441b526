import { defined } from '../core/defined.ts';
import type { Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import type { TestSignIn } from './setupPorts.ts';

/** The displayed parts of a test sign-in's account. */
type Shown = Pick<TestSignIn, 'accountLabel'> & { readonly registrationEndsAt?: number | undefined };

/**
 * The session of a test sign-in, for the checks, which sign out of it at the end; `isOwn` if the user was
 * signed in to the account before, which then stays.
 */
export function testSignInOf(
  sessions: Pick<Sessions, 'withFreshToken' | 'refresh' | 'signOut'>,
  { id, tokenSet }: Session,
  { accountLabel, registrationEndsAt }: Shown,
  isOwn: boolean,
): TestSignIn {
  return {
    accountLabel,
    tokenSet,
    ...defined({ registrationEndsAt }),
    validTokens: async (signal) => (await sessions.withFreshToken(id, signal)).tokenSet,
    renew: async (signal) => (await sessions.refresh(id, signal)).tokenSet,
    // Not the run's signal: a canceled run also signs out.
    ...(isOwn ? {} : { end: async () => sessions.signOut(id, new AbortController().signal) }),
  };
}
