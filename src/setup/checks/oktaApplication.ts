import { scopesOf } from '../../core/connection/connection.ts';
import { redirectPath } from '../../core/oauth/userInteraction.ts';
import { ownRedirectPath, probeRedirectUri, redirectUriAt } from '../../core/oidc/redirectUri.ts';
import { parseClientId, parseIssuer } from '../../input/issuer.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { callbackPortsTexts, checkCallbackPorts } from './callbackPorts.ts';
import { count, fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import { kiroRedirectUri } from '../lookups.ts';
import { hasOktaApi } from '../oktaCredential.ts';
import { applicationSchema } from '../oktaResources.ts';
import type { Translator } from '../translator.ts';
import { redirectIn } from '../redirectIn.ts';
import { askWithMadeUpCode, missingDeviceGrant, refusalIn } from '../clientRequests.ts';
import { ownRedirectUrisMissing, redirectUriEvidence } from './redirectUriTexts.ts';

/**
 * Verifies that the client exists: a token request with a made-up code must be refused because of the code, not
 * the client (RFC 6749, 5.2). Nothing is granted or spent.
 */
export async function checkClientId({ ports, inputs, lookups, signal }: CheckContext) {
  const given = inputs.oktaClient?.clientId ?? '';
  let clientId: string;
  try {
    clientId = parseClientId(given);
  } catch {
    return fail('notClientId', { given: safeText(given) });
  }
  const server = await lookups.authorizationServer();
  const redirectUri = redirectUriAt(ports.redirectPorts[0] ?? 0);
  const response = await askWithMadeUpCode(ports.http, { server, clientId }, redirectUri, signal);
  const { status } = response;
  const { word, words } = await refusalIn(response);
  switch (word) {
    case 'invalid_grant': {
      if (!ports.beginsWithDeviceCode) return pass({ clientId });
      const missing = await missingDeviceGrant(
        ports.http,
        server,
        { clientId, scopes: inputs.oktaClient === undefined ? [] : scopesOf(inputs.oktaClient) },
        signal,
      );
      return missing === undefined
        ? pass({ clientId })
        : warn('deviceGrantMissing', { clientId, ...missing });
    }
    case 'invalid_client':
      return fail('clientUnknown', { clientId, status, words });
    case 'unauthorized_client':
      return fail('codeGrantMissing', { clientId, words });
    // RFC 9449, 5: the application requires proof of possession.
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return fail('dpopRequired', { clientId, words });
    default:
      return inconclusive('unclearAnswer', {
        clientId,
        status,
        code: word,
        words,
        redirectsTo: redirectIn(response),
      });
  }
}

/**
 * Verifies that every redirect URI is registered exactly, and looks for common misspellings of missing ones. A
 * port with the issuer's own URI needs no shared one; with shared ones only, Okta asks users for trust.
 */
export async function checkRedirectUris({ ports, inputs, lookups, signal }: CheckContext) {
  const { oktaClient: okta } = inputs;
  if (okta === undefined) return inconclusive('notGiven');
  const answers = await lookups.redirectUris();
  const uris = (registration: string, those = answers): string[] =>
    those.flatMap((one) => (one.answer.registration === registration ? [one.redirectUri] : []));
  const portOf = (uri: string): string => new URL(uri).port;
  const registered = uris('registered');
  const own = answers.filter(({ isOwn }) => isOwn);
  const safe = new Set(uris('registered', own).map(portOf));
  const needed = answers.filter(({ isOwn, redirectUri }) => !isOwn && !safe.has(portOf(redirectUri)));
  const shared = uris('notRegistered', needed);
  const unknown = uris('notKnown', needed);
  const safer = uris('notRegistered', own);
  if (shared.length > 0) {
    const missing = [...safer, ...shared];
    const application = {
      server: await lookups.authorizationServer(),
      clientId: okta.clientId,
      scopes: scopesOf(okta),
    };
    const acceptedInstead: string[] = [];
    for (const candidate of shared.slice(0, 3).flatMap(misspellingsOf)) {
      const { registration } = await probeRedirectUri(ports.http, application, candidate, signal);
      if (registration === 'registered') acceptedInstead.push(candidate);
    }
    // A proxy also answers with 400, so unless some URI is accepted, the page must state the problem.
    const isShown =
      registered.length + acceptedInstead.length > 0 ||
      answers.some(({ answer }) => answer.wrongParameter === 'redirect_uri');
    if (!isShown && answers.some(({ answer }) => answer.wrongParameter === 'client_id'))
      return inconclusive('blocked', { blockedBy: ['okta.clientId'] });
    if (!isShown)
      return inconclusive('redirectUrisNotKnown', { notKnown: [...unknown, ...missing], status: 400 });
    const newer = redirectUriAt(newerPort);
    if (shared.length === 1 && shared[0] === redirectUriAt(olderPort) && acceptedInstead.includes(newer))
      return warn('newerPort', { missing: shared, acceptedInstead, registered, notKnown: unknown });
    // List what to fix first.
    const isNone = registered.length + unknown.length === 0;
    const reason = isNone ? 'noneRegistered' : 'redirectUrisMissing';
    return fail(reason, { missing, acceptedInstead, registered, notKnown: unknown });
  }
  const evidence = { missing: safer, registered, notKnown: unknown };
  if (unknown.length > 0) {
    const unanswered = answers.filter(({ redirectUri }) => unknown.includes(redirectUri));
    const failure = unanswered.map(({ answer }) => answer.failure).find((one) => one !== undefined);
    if (failure !== undefined) return inconclusive('couldNotAsk', evidence, failure);
    const { status, redirectsTo } = unanswered[0]?.answer ?? {};
    return inconclusive('redirectUrisNotKnown', { ...evidence, status, redirectsTo });
  }
  return safer.length === 0 ? pass(evidence) : warn('ownRedirectUrisMissing', evidence);
}

/** The guide's older edition has the first port, its newer one the second. */
const [olderPort, newerPort] = [2128, 3128];

/**
 * The redirect URIs of the application, as Okta's API lists them; undefined if it could not be read. They show without
 * the authorization server.
 */
async function listedUris({ inputs, lookups }: CheckContext): Promise<readonly string[] | undefined> {
  if (inputs.oktaClient === undefined || !hasOktaApi(inputs)) return undefined;
  const id = encodeURIComponent(parseClientId(inputs.oktaClient.clientId));
  const answer = await lookups.okta.read(`/api/v1/apps/${id}`, applicationSchema);
  return 'value' in answer ? (answer.value.settings?.oauthClient?.redirect_uris ?? undefined) : undefined;
}

/** Redirect URIs that Okta's API does not list; the issuer's own one replaces the shared one of its port. */
async function checkRedirectUrisListed(context: CheckContext) {
  const listed = await listedUris(context);
  if (listed === undefined) return undefined;
  const { redirectPorts } = context.ports;
  const path = await ownRedirectPath(parseIssuer(context.inputs.oktaClient?.issuer ?? ''));
  const isListed = (port: number): boolean =>
    listed.includes(redirectUriAt(port)) || listed.includes(redirectUriAt(port, path));
  const uris = (ports: readonly number[]): string[] => ports.map((port) => redirectUriAt(port));
  const missing = uris(redirectPorts.filter((port) => !isListed(port)));
  const registered = uris(redirectPorts.filter(isListed));
  if (missing.length === 0) return undefined;
  const reason = registered.length === 0 ? 'noneRegistered' : 'redirectUrisMissing';
  return fail(reason, { missing, registered });
}

const kiroRedirectUriMissing = () => warn('kiroRedirectUriMissing', { missing: [kiroRedirectUri] });

async function checkKiroRedirectUriListed(context: CheckContext) {
  const isMissing = (await listedUris(context))?.includes(kiroRedirectUri) === false;
  return isMissing ? kiroRedirectUriMissing() : undefined;
}

/** Verifies that the Kiro IDE's own redirect URI is registered; this extension does not need it. */
export async function checkKiroRedirectUri({ inputs, lookups }: CheckContext) {
  if (inputs.oktaClient === undefined) return inconclusive('notGiven');
  const answer = await lookups.kiroRedirectUri();
  const { registration, wrongParameter, failure, redirectsTo } = answer;
  if (registration === 'registered') return pass({ registered: [kiroRedirectUri] });
  if (wrongParameter === 'client_id') return inconclusive('blocked', { blockedBy: ['okta.clientId'] });
  // A proxy also answers with 400, so unless another URI is accepted, the page must state the problem.
  const isShown =
    registration === 'notRegistered' &&
    (wrongParameter === 'redirect_uri' || (await lookups.registeredUri()) !== undefined);
  if (isShown) return kiroRedirectUriMissing();
  const evidence = { notKnown: [kiroRedirectUri], status: answer.status ?? 400, redirectsTo };
  return failure === undefined
    ? inconclusive('redirectUrisNotKnown', evidence)
    : inconclusive('couldNotAsk', evidence, failure);
}

/** Likely variants registered by mistake or from a newer edition of the guide. */
function misspellingsOf(redirectUri: string): string[] {
  const { port } = new URL(redirectUri);
  return [
    `http://127.0.0.1:${port}${redirectPath}`,
    `${redirectUri}/`,
    `https://localhost:${port}${redirectPath}`,
    ...(port === String(olderPort) ? [redirectUriAt(newerPort)] : []),
    ...(port === String(newerPort) ? [redirectUriAt(olderPort)] : []),
  ];
}

const redirectUrisPath = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your OIDC application > General > Login > Sign-in redirect URIs',
  );
const redirectUrisMissing = (l10n: Translator) => (result: CheckResult) => ({
  found:
    l10n.t(
      'Redirect URIs that aren’t registered: {0} of {1}.',
      count(result, 'missing'),
      count(result, 'missing') + count(result, 'registered') + count(result, 'notKnown'),
    ) +
    (count(result, 'acceptedInstead') === 0
      ? ''
      : ` ${l10n.t('Registered instead: {0}.', fact(result, 'acceptedInstead'))}`),
  next: l10n.t(
    'Add the missing ones exactly as shown below: localhost, without a trailing slash. “Copy Redirect URIs” copies all of them.',
  ),
});
const redirectUrisNotKnown = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('Redirect URIs without a clear response from Okta: {0}.', count(result, 'notKnown')),
  next: l10n.t('Run this check again in a minute.'),
});

/** The text for sign-ins that begin with a device code, without its grant. */
export const deviceGrantMissing = (l10n: Translator) => ({
  found: l10n.t('The Device Authorization grant isn’t enabled.'),
  next: l10n.t(
    'Select Device Authorization under Grant type and in the access policy rule. Until then, people have to paste the callback URL in this environment.',
  ),
});

/** Checks of the OIDC application, and of its ports on this machine. */
export const oktaApplicationChecks = [
  defineCheck({
    id: 'okta.clientId',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['oktaClient'],
    after: ['okta.announced'],
    despite: { 'okta.announced': ['noS256'] },
    run: checkClientId,
    texts: (l10n) => ({
      title: l10n.t('Client ID'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > General > Client Credentials > Client ID',
      ),
      results: {
        notClientId: {
          found: l10n.t('This isn’t a client ID.'),
          next: l10n.t('Copy it from the General tab of the OIDC application.'),
        },
        clientUnknown: {
          found: l10n.t('The authorization server rejected this client.'),
          next: l10n.t(
            'Copy the client ID again. Make sure that it’s an active Native Application without a client secret.',
          ),
        },
        codeGrantMissing: {
          found: l10n.t('The Authorization Code grant isn’t enabled.'),
          next: l10n.t('Select Authorization Code under Grant type.'),
        },
        deviceGrantMissing: deviceGrantMissing(l10n),
        dpopRequired: {
          found: l10n.t('The application requires DPoP, which the clients in this guide don’t support.'),
          next: l10n.t('Clear “Require Demonstrating Proof of Possession”.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'okta.redirectUris',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['oktaClient'],
    after: ['okta.clientId'],
    despite: { 'okta.clientId': ['clientUnknown', 'dpopRequired'] },
    beforehand: checkRedirectUrisListed,
    run: checkRedirectUris,
    texts: (l10n) => ({
      title: l10n.t('Sign-in redirect URIs'),
      path: redirectUrisPath(l10n),
      results: {
        redirectUrisMissing: redirectUrisMissing(l10n),
        noneRegistered: redirectUrisMissing(l10n),
        redirectUrisNotKnown: redirectUrisNotKnown(l10n),
        newerPort: (result) => ({
          found: l10n.t(
            'The redirect URI {0} is registered instead of {1}.',
            fact(result, 'acceptedInstead'),
            fact(result, 'missing'),
          ),
          next: l10n.t(
            'The newer guide uses port 3128. Register the other one too, or change 2128 to 3128 in developerSignIn.okta.redirectPorts.',
          ),
        }),
        ownRedirectUrisMissing: ownRedirectUrisMissing(l10n),
      },
      evidence: redirectUriEvidence(l10n),
    }),
  }),
  defineCheck({
    id: 'okta.kiroRedirectUri',
    steps: ['kiro.oidcApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplication',
    needs: ['oktaClient'],
    after: ['okta.clientId'],
    despite: { 'okta.clientId': ['dpopRequired'] },
    beforehand: checkKiroRedirectUriListed,
    run: checkKiroRedirectUri,
    texts: (l10n) => ({
      title: l10n.t('Redirect URI of the Kiro IDE'),
      path: redirectUrisPath(l10n),
      results: {
        redirectUrisNotKnown: redirectUrisNotKnown(l10n),
        kiroRedirectUriMissing: {
          found: l10n.t('The redirect URI {0} isn’t registered.', kiroRedirectUri),
          next: l10n.t('Register it if people sign in from the Kiro IDE. This extension doesn’t need it.'),
        },
      },
      evidence: { registered: l10n.t('Registered'), notKnown: l10n.t('Not known') },
    }),
  }),
  defineCheck({
    id: 'okta.loopbackPorts',
    steps: ['kiro.oidcApp'],
    owner: 'you',
    needs: [],
    run: (context) => checkCallbackPorts(context, context.ports.redirectPorts),
    texts: callbackPortsTexts,
  }),
];
