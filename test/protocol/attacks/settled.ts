import type { SignInError, SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { Session } from '../../../src/core/session/session.ts';
import type { Headless } from '../headless.ts';

/** The outcome of a sign-in, successful or not. */
interface Settled {
  readonly kind: SignInErrorKind | 'signedIn';
  readonly session?: Session;
  readonly failure?: SignInError;
}

/** Waits for a sign-in; a failure is searched for secrets when the window closes. */
export async function settled(product: Headless, signingIn: Promise<Session>): Promise<Settled> {
  const session = await signingIn.catch(() => undefined);
  if (session !== undefined) return { kind: 'signedIn', session };
  const failure = await product.failureOf(signingIn);
  return { kind: failure.kind, failure };
}
