import * as v from 'valibot';
import { parseJson } from '../../core/text/parseJson.ts';
import { safeText } from '../../core/text/safeText.ts';
import { shownAddress } from '../../core/text/webAddress.ts';
import { withoutSecrets } from '../../output/withoutSecrets.ts';
import { redirectIn } from '../redirectIn.ts';
import { addressResults, readAddress } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, isResult, pass } from '../checkResult.ts';
import type { SetupGuideId } from '../setupGuides.ts';
import { testTokens, tokenTypeHeader } from '../testSignIn.ts';

/** Length limit of a displayed response, in characters. */
const shownCharacters = 200;

/**
 * Verifies that the service accepts the token of the test sign-in: it refuses a request without a token and
 * answers one with it, sent as its clients do (`TokenType: EXTERNAL_IDP` for Okta). An address that answers
 * without a token never gets one. Read-only.
 */
export async function checkService(context: CheckContext) {
  const { ports, inputs, signal } = context;
  const address = readAddress(inputs.serviceUrl ?? '');
  if (isResult(address)) return address;
  const tokenSet = await testTokens(context);
  if (isResult(tokenSet)) return tokenSet;
  const { accessToken } = tokenSet;
  const ask = async (authorization: { readonly authorization?: string }): Promise<ServiceResponse> => {
    const response = await ports.http(address.url.href, {
      method: 'GET',
      headers: {
        // Without a token, even a web page is an answer, and not necessarily a proxy's.
        ...(authorization.authorization === undefined ? { accept: '*/*' } : { accept: 'application/json' }),
        ...authorization,
        ...tokenTypeHeader(inputs),
      },
      signal,
    });
    const text = withoutSecrets(await response.text(), [accessToken]);
    return {
      status: response.status,
      code: safeText(errorCodeIn(response, text)),
      answer: safeText(text.slice(0, shownCharacters)),
      redirectsTo: redirectIn(response),
      challenge: response.headers.get('www-authenticate')?.slice(0, 500),
    };
  };
  const shown = { address: shownAddress(address.url.href) };
  const { challenge: _challenge, ...without } = await ask({});
  if (![401, 403].includes(without.status)) {
    const reason = without.status < 300 ? 'answersAnyone' : 'serviceAnswered';
    return inconclusive(reason, { ...shown, ...without });
  }
  const { challenge, ...found } = await ask({ authorization: `Bearer ${accessToken}` });
  const evidence = { ...shown, ...found };
  if (found.status >= 200 && found.status < 300) return pass(evidence);
  // A demand for a password or the like means that the token was not examined (RFC 6750, 3).
  if (found.status === 401 && (challenge === undefined || /(?:^|,)\s{0,9}(?:bearer|dpop)\b/i.test(challenge)))
    return fail('serviceRefusedToken', evidence);
  return found.status === 403 && isAboutPerson(found.code)
    ? fail('serviceForbids', evidence)
    : inconclusive('serviceAnswered', evidence);
}

interface ServiceResponse {
  readonly status: number;
  readonly code: string | undefined;
  readonly answer: string | undefined;
  readonly redirectsTo: string | undefined;
  /** The authentication scheme that the service demands. */
  readonly challenge: string | undefined;
}

const errorSchema = v.object({
  __type: v.optional(v.string()),
  code: v.optional(v.string()),
  error: v.optional(v.string()),
});

/** The error code of a refusal, from AWS's services or OAuth (RFC 6750, 3.1). */
function errorCodeIn({ headers }: Response, text: string): string | undefined {
  const parsed = v.safeParse(errorSchema, parseJson(text));
  const { __type: type, code, error } = parsed.success ? parsed.output : {};
  const named = headers.get('x-amzn-errortype') ?? type ?? code ?? error;
  return named?.replace(/^.*#/, '').replace(/:.*$/s, '').slice(0, 100);
}

/**
 * Whether a refusal means that this person lacks access; AWS APIs also answer 403 to requests outside their
 * operations.
 */
function isAboutPerson(code = ''): boolean {
  return /access_?denied|insufficient_?scope|not_?(?:authorized|entitled|subscribed)|^forbidden(?:exception)?$/i.test(
    code,
  );
}

/** The console path where people and groups get a service. */
export const serviceGroups = (l10n: Translator, guide: SetupGuideId) =>
  guide === 'kiro'
    ? l10n.t('Kiro console > Users and groups')
    : l10n.t('AWS console > the console of the service > Settings > Groups');

/** Checks of the service that people sign in for. */
export const serviceChecks = [
  defineCheck({
    id: 'manual.profile',
    steps: ['kiro.profile'],
    owner: 'awsAdministrator',
    needs: [],
    provenBy: ['kiro.profile'],
    compare: ({ oktaClient: okta }) => ({ issuer: okta?.issuer, clientId: okta?.clientId }),
    texts: (l10n) => ({
      title: l10n.t('The profile’s issuer URL and application ID match this check'),
      path: l10n.t('Kiro console > Settings > Identity management'),
    }),
  }),
  defineCheck({
    id: 'manual.serviceGroups',
    steps: ['identityCenter.serviceAccess'],
    owner: 'awsAdministrator',
    page: 'awsHome',
    needs: [],
    provenBy: ['awsApi.application'],
    texts: (l10n, guide) => ({
      title: l10n.t('The groups are added in the service’s console'),
      path: serviceGroups(l10n, guide),
    }),
  }),
  defineCheck({
    id: 'service.answer',
    steps: ['identityCenter.test', 'kiro.test'],
    owner: 'awsAdministrator',
    page: 'awsHome',
    needs: ['serviceUrl', 'testSignIn'],
    after: ['identityCenter.signIn', 'okta.token'],
    run: checkService,
    texts: (l10n, guide) => ({
      title: l10n.t('The service accepts the token'),
      path: serviceGroups(l10n, guide),
      results: {
        ...addressResults(l10n),
        serviceRefusedToken: {
          found: l10n.t('The service rejected the token (HTTP 401).'),
          next: l10n.t('Compare the issuer and client ID in the service’s profile with those in this check.'),
        },
        answersAnyone: (result) => ({
          found: l10n.t(
            'This address also responds without a token (HTTP {0}), so the token wasn’t sent.',
            fact(result, 'status'),
          ),
          next: l10n.t('Enter a service URL that requires a token, not a web page.'),
        }),
        serviceForbids: {
          found: l10n.t('The service denies this person access (HTTP 403).'),
          next: l10n.t('Make sure that the person is provisioned and subscribed, and check the scopes.'),
        },
        serviceAnswered: (result) => ({
          found: l10n.t(
            'The service responded with HTTP {0}, which doesn’t show whether it accepts the token.',
            fact(result, 'status'),
          ),
          next: l10n.t('Compare the address with the service’s documentation.'),
        }),
      },
    }),
  }),
  defineCheck({
    id: 'manual.suggestion',
    steps: ['identityCenter.test'],
    owner: 'you',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('A suggestion appears while you type'),
      results: {
        byEye: {
          found: l10n.t('This can’t be checked from here.'),
          next: l10n.t('Type code in the editor with Kiro or Amazon Q. A suggestion should appear.'),
        },
      },
    }),
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
