import { findSignInError } from '../../core/oauth/errors.ts';
import { safeText } from '../../core/text/safeText.ts';
import type { TokenSet } from '../../core/oauth/tokenSet.ts';
import { addressResults, readAddress } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, isResult, pass } from '../checkResult.ts';
import type { SetupGuideId } from '../setupGuides.ts';

/** How much of an answer is shown. */
const shownCharacters = 200;

/**
 * The token of the test sign-in is presented to the service, as its clients present it (`TokenType: EXTERNAL_IDP` for
 * Okta), and what it answered is said. A read: nothing is asked to change.
 */
async function checkService({ ports, inputs, facts, signal }: CheckContext) {
  const address = readAddress(inputs.serviceUrl ?? '');
  if (isResult(address)) return address;
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

const serviceGroups = (l10n: Translator, guide: SetupGuideId) =>
  guide === 'kiro'
    ? l10n.t('Kiro console > Users and groups')
    : l10n.t('AWS console > the console of the service > Settings > Groups');

/** The service that people sign in for. */
export const serviceChecks = [
  defineCheck({
    id: 'manual.profile',
    steps: ['kiro.profile'],
    owner: 'awsAdministrator',
    needs: [],
    compare: ({ okta }) => ({ issuer: okta?.issuer, clientId: okta?.clientId }),
    texts: (l10n) => ({
      title: l10n.t('Issuer URL and application id of the profile are those of this check'),
      path: l10n.t('Kiro console > Settings > Identity management'),
    }),
  }),
  defineCheck({
    id: 'manual.serviceGroups',
    steps: ['identityCenter.serviceAccess'],
    owner: 'awsAdministrator',
    needs: [],
    texts: (l10n, guide) => ({
      title: l10n.t('The groups are added in the console of the service'),
      path: serviceGroups(l10n, guide),
    }),
  }),
  defineCheck({
    id: 'service.answer',
    steps: ['identityCenter.test', 'kiro.test'],
    owner: 'awsAdministrator',
    needs: ['serviceUrl', 'testSignIn'],
    after: ['identityCenter.signIn', 'okta.token'],
    run: checkService,
    texts: (l10n, guide) => ({
      title: l10n.t('The service takes the token'),
      path: serviceGroups(l10n, guide),
      results: {
        ...addressResults(l10n),
        serviceRefusedToken: {
          found: l10n.t('The service does not accept the token (HTTP 401).'),
          next: l10n.t(
            'Compare issuer and client id in the profile of the service with those of this check.',
          ),
        },
        serviceForbids: {
          found: l10n.t('The service knows the token, but does not allow it (HTTP 403).'),
          next: l10n.t('Check that the person is provisioned and subscribed, and the scopes.'),
        },
        serviceAnswered: (result) => ({
          found: l10n.t('The service answered with HTTP {0}.', fact(result, 'status')),
          next: l10n.t('Compare the address with the documentation of the service.'),
        }),
      },
    }),
  }),
  defineCheck({
    id: 'manual.suggestion',
    steps: ['identityCenter.test'],
    owner: 'you',
    needs: [],
    texts: (l10n) => ({ title: l10n.t('A suggestion appears while you type') }),
  }),
  defineCheck({
    id: 'manual.subscriptions',
    steps: ['kiro.test'],
    owner: 'awsAdministrator',
    needs: [],
    texts: (l10n, guide) => ({
      title: l10n.t('People or groups are subscribed'),
      path: serviceGroups(l10n, guide),
    }),
  }),
];
