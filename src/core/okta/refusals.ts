import type { SignInErrorKind } from '../errors.ts';

/** What an `error` of Okta's authorization or device endpoint means; its description tells a policy from a missing assignment. */
export function authorizationErrorKinds(
  description: string | undefined,
): Readonly<Partial<Record<string, SignInErrorKind>>> {
  return { access_denied: accessDenied(description), login_required: 'denied', consent_required: 'policy' };
}

function accessDenied(description: string | undefined): SignInErrorKind {
  if (description?.startsWith('Policy evaluation failed') === true) return 'policy';
  if (description?.includes('not assigned') === true) return 'notAssigned';
  return 'denied';
}
