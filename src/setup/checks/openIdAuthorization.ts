import { scopesOf } from '../../core/connection/connection.ts';
import { defined } from '../../core/defined.ts';
import { OAuthErrorResponse } from '../../core/oauth/errorResponse.ts';
import { demandAtPage } from '../../core/oidc/clientDemand.ts';
import { probeRedirectUri, redirectUriPartsOf } from '../../core/oidc/redirectUri.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { count, fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { callbackPortsTexts, checkCallbackPorts } from './callbackPorts.ts';
import { ownRedirectUrisMissing, redirectUriEvidence } from './redirectUriTexts.ts';

/**
 * Verifies that every redirect URI that a sign-in may use is registered exactly; a port with the issuer's own
 * URI needs no other.
 */
async function checkRedirectUris({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidcClient: oidc } = inputs;
  if (oidc === undefined) return inconclusive('notGiven');
  const answers = await lookups.openId.redirectUris();
  const shownOf = (registration: string, those = answers): string[] => [
    ...new Set(those.flatMap(({ shown, answer }) => (answer.registration === registration ? [shown] : []))),
  ];
  const portOf = (uri: string): string => new URL(uri).port;
  const own = answers.filter(({ isOwn }) => isOwn);
  const isSafe = new Set(
    own.flatMap(({ redirectUri, answer }) =>
      answer.registration === 'registered' ? [portOf(redirectUri)] : [],
    ),
  );
  const hasShared = answers.some(({ isOwn }) => !isOwn);
  const needed = answers.filter(
    ({ isOwn, redirectUri }) => !isSafe.has(portOf(redirectUri)) && (!isOwn || !hasShared),
  );
  const registered = shownOf('registered');
  const missing = needed.filter(({ answer }) => answer.registration === 'notRegistered');
  const safer = shownOf('notRegistered', own);
  if (missing.length > 0) {
    const server = await lookups.openId.server();
    const application = { server, clientId: oidc.clientId, scopes: scopesOf(oidc) };
    const acceptedInstead: string[] = [];
    for (const candidate of missing.slice(0, 3).flatMap(({ redirectUri }) => misspellingsOf(redirectUri))) {
      const { registration } = await probeRedirectUri(ports.http, application, candidate, signal);
      if (registration === 'registered') acceptedInstead.push(candidate);
    }
    const all = [...new Set([...safer, ...missing.map(({ shown }) => shown)])];
    // List what to fix first.
    return fail('redirectUrisMissing', { missing: all, acceptedInstead, registered });
  }
  const unknown = needed.filter(({ answer }) => answer.registration === 'notKnown');
  if (unknown.length > 0) {
    const failure = unknown.map(({ answer }) => answer.failure).find((one) => one !== undefined);
    const notKnown = shownOf('notKnown', unknown);
    if (failure !== undefined) return inconclusive('couldNotAsk', { registered, notKnown }, failure);
    const { status, redirectsTo } = unknown[0]?.answer ?? {};
    return inconclusive('redirectUrisNotKnown', { registered, notKnown, status, redirectsTo });
  }
  if (safer.length > 0) return warn('ownRedirectUrisMissing', { missing: safer, registered });
  const application = {
    server: await lookups.openId.server(),
    clientId: oidc.clientId,
    scopes: scopesOf(oidc),
  };
  const { registration } = await probeRedirectUri(ports.http, application, unregistered, signal);
  return registration === 'registered'
    ? warn('anyRedirectUri', { acceptedInstead: [unregistered], registered })
    : pass({ registered });
}

/** An address that has no owner (RFC 6761), which a provider accepts only because of a wildcard. */
const unregistered = 'https://developer-sign-in-check.invalid/callback';

/** Likely variants registered by mistake. */
function misspellingsOf(redirectUri: string): string[] {
  const other = new URL(redirectUri);
  other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return [other.href, `${redirectUri}/`, redirectUri.replace(/^http:/, 'https:')];
}

/** Verifies the connection's callback ports; port 0 stands for any. */
async function checkLoopbackPorts(context: CheckContext) {
  const place = redirectUriPartsOf({
    ...context.inputs.oidcClient,
    redirectPorts: context.ports.redirectPorts,
  });
  return checkCallbackPorts(
    context,
    place.ports.filter((port) => port !== 0),
  );
}

/** Responses of a server that would continue with a sign-in (OpenID Connect Core 1.0, 3.1.2.6). */
const acceptingErrors: readonly (string | undefined)[] = [
  undefined,
  ...['login_required', 'interaction_required', 'consent_required', 'account_selection_required'],
];
/** A made-up scope. A server that accepts it does not check scopes before the sign-in. */
const madeUpScope = 'developer-sign-in-check:none';

/** The scopes that the metadata does not list; undefined if it lists none at all. */
async function unlistedScopes(
  scopes: readonly string[],
  { openId }: CheckContext['lookups'],
): Promise<readonly string[] | undefined> {
  const { document } = await openId.nearest();
  const listed: unknown = document?.['scopes_supported'];
  return Array.isArray(listed) ? scopes.filter((scope) => !listed.includes(scope)) : undefined;
}

/** An unlisted scope shows without the application. */
async function checkScopesListed({ inputs, lookups }: CheckContext) {
  const scopes = inputs.oidcClient === undefined ? [] : scopesOf(inputs.oidcClient);
  const missing = (await unlistedScopes(scopes, lookups)) ?? [];
  return missing.length === 0 ? undefined : warn('scopesNotAnnounced', { scopes, missing });
}

/**
 * Verifies that the provider knows the connection's scopes: by its responses if it checks them, or else by its
 * metadata.
 */
async function checkScopes({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidcClient: oidc } = inputs;
  const answers = await lookups.openId.redirectUris();
  const registered = answers.find(({ answer }) => answer.registration === 'registered');
  if (oidc === undefined || registered === undefined)
    return inconclusive('blocked', { blockedBy: ['oidc.redirectUris'] });
  const scopes = scopesOf(oidc);
  const { error, description } = registered.answer;
  if (error === 'invalid_scope') return fail('scopeRefused', { scopes, words: description });
  // An application that must push or sign its requests gets no response to its scopes.
  const demand = demandAtPage(new OAuthErrorResponse(error ?? '', defined({ description })));
  if (demand !== undefined) return inconclusive('blocked', { blockedBy: ['oidc.client'] });
  if (!acceptingErrors.includes(error))
    return inconclusive('unclearAnswer', { scopes, code: error, words: description });
  const missing = await unlistedScopes(scopes, lookups);
  if (missing?.length === 0) return pass({ scopes });
  const application = {
    server: await lookups.openId.server(),
    clientId: oidc.clientId,
    scopes: [...scopes, madeUpScope],
  };
  const madeUp = await probeRedirectUri(ports.http, application, registered.redirectUri, signal);
  if (madeUp.error === 'invalid_scope') return pass({ scopes });
  return missing === undefined
    ? inconclusive('scopesNotSeen', { scopes })
    : warn('scopesNotAnnounced', { scopes, missing });
}

/** Checks of an authorization request at any OpenID Connect provider: redirect URIs with their ports, and scopes. */
export const openIdAuthorizationChecks = [
  defineCheck({
    id: 'oidc.redirectUris',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.client'],
    despite: {
      'oidc.client': ['clientSecret', 'privateKeyJwt', 'clientCertificate', 'dpop', 'par', 'jar'],
    },
    run: checkRedirectUris,
    texts: (l10n) => ({
      title: l10n.t('Redirect URIs'),
      results: {
        redirectUrisMissing: (result) => ({
          found:
            l10n.t('Redirect URIs that aren’t registered: {0}.', count(result, 'missing')) +
            (count(result, 'acceptedInstead') === 0
              ? ''
              : ` ${l10n.t('Registered instead: {0}.', fact(result, 'acceptedInstead'))}`),
          next: l10n.t('Register them exactly as shown below: http, without a trailing slash.'),
        }),
        redirectUrisNotKnown: (result) => ({
          found: l10n.t(
            'Redirect URIs without a clear response from the provider: {0}.',
            count(result, 'notKnown'),
          ),
          next: l10n.t('Compare them with those of the application in the console.'),
        }),
        anyRedirectUri: (result) => ({
          found: l10n.t(
            'The provider redirects to any address, such as {0}.',
            fact(result, 'acceptedInstead'),
          ),
          next: l10n.t('Remove the wildcard from the redirect URIs of the application.'),
        }),
        ownRedirectUrisMissing: ownRedirectUrisMissing(l10n),
      },
      evidence: redirectUriEvidence(l10n),
    }),
  }),
  defineCheck({
    id: 'oidc.loopbackPorts',
    steps: ['openIdConnect.application'],
    owner: 'you',
    needs: [],
    run: checkLoopbackPorts,
    texts: callbackPortsTexts,
  }),
  defineCheck({
    id: 'oidc.scopes',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidcClient'],
    after: ['oidc.redirectUris'],
    despite: { 'oidc.redirectUris': ['redirectUrisMissing'] },
    beforehand: checkScopesListed,
    run: checkScopes,
    texts: (l10n) => ({
      title: l10n.t('Scopes'),
      results: {
        scopeRefused: (result) => ({
          found: l10n.t('The provider refuses the scopes {0}.', fact(result, 'scopes')),
          next: l10n.t('Allow them for the application, or set other scopes in the connection.'),
        }),
        scopesNotAnnounced: (result) => ({
          found: l10n.t('The provider’s metadata doesn’t list these scopes: {0}.', fact(result, 'missing')),
          next: l10n.t('It may still support them. Compare them with the API in the console.'),
        }),
        scopesNotSeen: {
          found: l10n.t(
            'The provider’s metadata lists no scopes, and they’re checked only after the sign-in.',
          ),
          next: l10n.t(
            'See the scopes that a test sign-in returns, or compare them with those in the console.',
          ),
        },
      },
    }),
  }),
];
