import { defined } from '../core/defined.ts';
import type { Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import type { TestSignIn } from './setupPorts.ts';

/** What is shown of the account that a test signed in to. */
type Shown = Pick<TestSignIn, 'accountLabel'> & { readonly registrationEndsAt?: number | undefined };

/**
 * A session that a test sign-in made, as the checks use it. They sign out of it when they are through; `isOwn` where it is the
 * account of a person who was signed in before, which stays.
 */
export function testSignInOf(
  sessions: Pick<Sessions, 'fresh' | 'refresh' | 'signOut'>,
  { id, tokenSet }: Session,
  { accountLabel, registrationEndsAt }: Shown,
  isOwn: boolean,
): TestSignIn {
  return {
    accountLabel,
    tokenSet,
    ...defined({ registrationEndsAt }),
    fresh: async (signal) => (await sessions.fresh(id, signal)).tokenSet,
    renew: async (signal) => (await sessions.refresh(id, signal)).tokenSet,
    // A run that was cancelled leaves nothing behind either.
    ...(isOwn ? {} : { end: async () => sessions.signOut(id, new AbortController().signal) }),
  };
}
