import { findSignInError } from '../core/oauth/errors.ts';
import { safeText } from '../core/text/safeText.ts';
import type { TokenSet } from '../core/oauth/tokenSet.ts';
import { isFinding, readAddress } from './addresses.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive, pass } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';

/** How much of an answer is shown. */
const shownCharacters = 200;

/**
 * The token of the test sign-in is presented to the service, as its clients present it (`TokenType: EXTERNAL_IDP` for
 * Okta), and what it answered is said. A read: nothing is asked to change.
 */
export async function checkService({ ports, inputs, facts, signal }: CheckContext): Promise<CheckResult> {
  const address = readAddress(inputs.serviceUrl ?? '');
  if (isFinding(address)) return address;
  let tokenSet: TokenSet;
  try {
    tokenSet = await (await facts.testSignIn()).fresh(signal);
  } catch (error) {
    return inconclusive('notSignedIn', {}, findSignInError(error));
  }
  const response = await ports.http(address.url.href, {
    method: 'GET',
    headers: {
      authorization: `Bearer ${tokenSet.accessToken}`,
      accept: 'application/json',
      ...(inputs.okta === undefined ? {} : { tokentype: 'EXTERNAL_IDP' }),
    },
    signal,
  });
  const { status } = response;
  const answer = safeText((await response.text()).slice(0, shownCharacters));
  const evidence = { address: address.url.href, status, answer };
  if (response.ok) return pass(evidence);
  if (status === 401) return fail('serviceRefusedToken', evidence);
  return status === 403 ? fail('serviceForbids', evidence) : inconclusive('serviceAnswered', evidence);
}
