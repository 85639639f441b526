import { scopesOf } from '../../core/connection/connection.ts';
import { OAuthErrorResponse } from '../../core/oauth/errorResponse.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import type { ClientDemand } from '../../core/oidc/authorizationServerRecord.ts';
import { demandAtPage, demandOf } from '../../core/oidc/clientDemand.ts';
import { parseClientId } from '../../input/issuer.ts';
import { probeRedirectUri, redirectPlaceOf } from '../../core/oidc/redirectUri.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { callbackPortsTexts, checkCallbackPorts } from './callbackPorts.ts';
import { count, fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { askWithMadeUpCode, missingDeviceGrant, refusalIn, revokeMadeUpToken } from '../clientRequests.ts';
import { redirectIn } from '../redirectIn.ts';

const demandOfError = (error: SignInError): ClientDemand | 'par' | 'jar' =>
  error.details.reason as ClientDemand | 'par' | 'jar';

/**
 * Verifies that the client exists and is public: a token request with a made-up code must be refused because of
 * the code, not the client (RFC 6749, 5.2). Nothing is granted or spent. A registered redirect URI also proves
 * that the client exists.
 */
async function checkClient({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidc } = inputs;
  let clientId: string;
  try {
    clientId = parseClientId(oidc?.clientId ?? '');
  } catch {
    return fail('notClientId', { given: safeText(oidc?.clientId) });
  }
  const server = await lookups.openId.server();
  const answers = await lookups.openId.redirectUris();
  const known = answers.find(({ answer }) => answer.registration === 'registered');
  const { error, description } = known?.answer ?? {};
  const atPage =
    error === undefined ? undefined : demandAtPage(new OAuthErrorResponse(error, describe(description)));
  if (atPage !== undefined) return fail(demandOfError(atPage), { clientId, words: description });
  const redirectUri = (known ?? answers[0])?.redirectUri ?? 'http://localhost/oauth/callback';
  const response = await askWithMadeUpCode(ports.http, { server, clientId }, redirectUri, signal);
  const { status } = response;
  const { word = '', words } = await refusalIn(response);
  const demand = demandOf(
    new OAuthErrorResponse(word, { status, ...describe(words) }),
    server,
    known !== undefined,
  );
  if (demand !== undefined) return fail(demandOfError(demand), { clientId, status, words });
  if (word === 'invalid_grant') {
    // The authorization endpoint states its demands, such as pushed requests, only for a registered URI.
    if (answers.length > 0 && known === undefined) return inconclusive('demandsNotSeen', { clientId });
    if (!ports.beginsWithDeviceCode) return pass({ clientId });
    const scopes = oidc === undefined ? [] : scopesOf(oidc);
    const missing = await missingDeviceGrant(ports.http, server, { clientId, scopes }, signal);
    return missing === undefined ? pass({ clientId }) : warn('deviceGrantMissing', { clientId, ...missing });
  }
  const isRefused = word === 'invalid_client' || word === 'unauthorized_client';
  if (isRefused)
    return fail(word === 'invalid_client' ? 'clientUnknown' : 'codeGrantMissing', {
      clientId,
      status,
      words,
    });
  const code = word === '' ? undefined : word;
  return inconclusive('unclearAnswer', { clientId, status, code, words, redirectsTo: redirectIn(response) });
}

const describe = (description: string | undefined): { readonly description?: string } =>
  description === undefined ? {} : { description };

/**
 * Verifies that every redirect URI that a sign-in may use is registered exactly; a port with the issuer's own
 * URI needs no other.
 */
async function checkRedirectUris({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidc } = inputs;
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
    // What needs a fix comes first.
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
  return safer.length === 0
    ? pass({ registered })
    : warn('ownRedirectUrisMissing', { missing: safer, registered });
}

/** Likely variants registered by mistake. */
function misspellingsOf(redirectUri: string): string[] {
  const other = new URL(redirectUri);
  other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return [other.href, `${redirectUri}/`, redirectUri.replace(/^http:/, 'https:')];
}

/** Verifies the connection's callback ports; port 0 stands for any. */
async function checkLoopbackPorts(context: CheckContext) {
  const place = redirectPlaceOf({ ...context.inputs.oidc, redirectPorts: context.ports.redirectPorts });
  return checkCallbackPorts(
    context,
    place.ports.filter((port) => port !== 0),
  );
}

/** Responses of a server that would continue with a sign-in (OpenID Connect Core 1.0, 3.1.2.6). */
const willing: readonly (string | undefined)[] = [
  undefined,
  ...['login_required', 'interaction_required', 'consent_required', 'account_selection_required'],
];
/** A scope that no server has: one that accepts it does not check scopes before the sign-in. */
const madeUpScope = 'developer-sign-in-check:none';

/**
 * Verifies that the provider knows the connection's scopes: by its responses if it checks them, or else by its
 * metadata.
 */
async function checkScopes({ ports, inputs, lookups, signal }: CheckContext) {
  const { oidc } = inputs;
  const answers = await lookups.openId.redirectUris();
  const registered = answers.find(({ answer }) => answer.registration === 'registered');
  if (oidc === undefined || registered === undefined)
    return inconclusive('blocked', { blockedBy: ['oidc.redirectUris'] });
  const scopes = scopesOf(oidc);
  const { error, description } = registered.answer;
  if (error === 'invalid_scope') return fail('scopeRefused', { scopes, words: description });
  if (!willing.includes(error))
    return inconclusive('unclearAnswer', { scopes, code: error, words: description });
  const { document } = await lookups.openId.metadata();
  const announced: unknown = document?.['scopes_supported'];
  const missing = Array.isArray(announced) ? scopes.filter((scope) => !announced.includes(scope)) : undefined;
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

/**
 * Verifies that sign-out can end the session at the provider: its revocation endpoint accepts requests without
 * a secret.
 */
async function checkRevocation({ ports, inputs, lookups, signal }: CheckContext) {
  const { revocationEndpoint: address } = await lookups.openId.server();
  if (address === undefined) return warn('revocationNotAnnounced');
  const clientId = inputs.oidc?.clientId ?? '';
  const response = await revokeMadeUpToken(ports.http, address, clientId, signal);
  const { status } = response;
  if (status === 200) return pass({ address });
  const { word, words } = await refusalIn(response);
  const evidence = { address, status, code: word, words };
  return word === 'invalid_client' || word === 'unauthorized_client'
    ? warn('revocationRefused', evidence)
    : inconclusive('unclearAnswer', evidence);
}

/** Checks of the application at any OpenID Connect provider, and of its ports on this machine. */
export const openIdApplicationChecks = [
  defineCheck({
    id: 'oidc.client',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidc'],
    after: ['oidc.announced'],
    despite: { 'oidc.announced': ['noS256', 'codeNotAnnounced'] },
    run: checkClient,
    texts: (l10n) => ({
      title: l10n.t('Public client'),
      results: {
        demandsNotSeen: {
          found: l10n.t(
            'The client is known. Its other requirements can’t be checked without a registered redirect URI.',
          ),
          next: l10n.t('See the check of the redirect URIs.'),
        },
        notClientId: {
          found: l10n.t('This isn’t a client ID.'),
          next: l10n.t('Copy the client ID of the application from the provider’s console.'),
        },
        clientUnknown: {
          found: l10n.t('The provider refuses this client ID.'),
          next: l10n.t(
            'Copy it again from the console. The application must be active and public (native), without a client secret.',
          ),
        },
        codeGrantMissing: {
          found: l10n.t('The application isn’t allowed to use the authorization code flow.'),
          next: l10n.t('Allow the “authorization code” grant type for the application.'),
        },
        clientSecret: {
          found: l10n.t('The application is confidential: it requires a client secret.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        privateKeyJwt: {
          found: l10n.t('The application is confidential: it requires a signed client assertion.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        clientCertificate: {
          found: l10n.t('The application is confidential: it requires a client certificate.'),
          next: l10n.t('Make it a public (native) application, or register another one.'),
        },
        dpop: {
          found: l10n.t('The application requires DPoP.'),
          next: l10n.t('Turn it off for the application. Developer Sign-In doesn’t support it.'),
        },
        par: {
          found: l10n.t('The application requires pushed authorization requests (PAR).'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
        jar: {
          found: l10n.t('The application requires signed authorization requests.'),
          next: l10n.t('Make them optional. Developer Sign-In doesn’t support them.'),
        },
        deviceGrantMissing: {
          found: l10n.t('The application can’t use device codes.'),
          next: l10n.t(
            'Allow the device authorization grant. Until then, people paste the callback URL, because their browser can’t redirect to this editor.',
          ),
        },
      },
    }),
  }),
  defineCheck({
    id: 'oidc.revocation',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidc'],
    after: ['oidc.client'],
    despite: { 'oidc.client': ['codeGrantMissing', 'dpop', 'par', 'jar'] },
    run: checkRevocation,
    texts: (l10n) => ({
      title: l10n.t('Token revocation'),
      results: {
        revocationNotAnnounced: {
          found: l10n.t(
            'The provider can’t revoke tokens. They stay valid after a sign-out until they expire.',
          ),
          next: l10n.t('Turn on token revocation, or limit how long refresh tokens are valid.'),
        },
        revocationRefused: {
          found: l10n.t(
            'The application can’t revoke its tokens. They stay valid after a sign-out until they expire.',
          ),
          next: l10n.t('Allow token revocation without a client secret for this application.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'oidc.redirectUris',
    steps: ['openIdConnect.application'],
    owner: 'identityAdministrator',
    needs: ['oidc'],
    after: ['oidc.client'],
    despite: { 'oidc.client': ['clientSecret', 'privateKeyJwt', 'clientCertificate', 'dpop'] },
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
          next: l10n.t('Register them exactly as shown in the evidence: http, without a trailing slash.'),
        }),
        redirectUrisNotKnown: (result) => ({
          found: l10n.t(
            'Redirect URIs without a clear response from the provider: {0}.',
            count(result, 'notKnown'),
          ),
          next: l10n.t('Compare them with those of the application in the console.'),
        }),
        ownRedirectUrisMissing: (result) => ({
          found: l10n.t('Unregistered redirect URIs for this issuer: {0}.', count(result, 'missing')),
          next: l10n.t(
            'Register them so that no other server can receive a sign-in meant for this one. Until then, people are asked once whether they trust this server.',
          ),
        }),
      },
      evidence: {
        acceptedInstead: l10n.t('Registered instead'),
        registered: l10n.t('Registered'),
        notKnown: l10n.t('Not known'),
      },
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
    needs: ['oidc'],
    after: ['oidc.redirectUris'],
    despite: { 'oidc.redirectUris': ['redirectUrisMissing'] },
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
