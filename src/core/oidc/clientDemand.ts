import * as client from 'openid-client';
import { SignInError } from '../oauth/errors.ts';
import { OAuthErrorResponse } from '../oauth/errorResponse.ts';
import type { RedirectUriStatus } from '../oauth/userInteraction.ts';
import type { AuthorizationServer, ClientDemand } from './authorizationServerRecord.ts';
import type { ClientOverHttp } from './discovery.ts';
import { probeStatePrefix } from './redirectUri.ts';
import { tokenAnswer } from './token.ts';

/** The demand that a refusal by the token endpoint names: RFC 6749 has one code for all of them. */
function namedDemand({ error, details }: OAuthErrorResponse): ClientDemand | undefined {
  const { description = '' } = details;
  const isDpopCode = ['invalid_dpop_proof', 'use_dpop_nonce'].includes(error);
  if (isDpopCode || /\bdpop\b/i.test(description)) return 'dpop';
  if (/client[ _-]?(secret|credentials)/i.test(description)) return 'clientSecret';
  if (/client[ _-]?assertion|private[ _-]?key[ _-]?jwt/i.test(description)) return 'privateKeyJwt';
  return /client certificate|\bm-?tls\b/i.test(description) ? 'clientCertificate' : undefined;
}

/** Codes of refusals whose words are looked at: Keycloak has the second one, Google the third. */
const wordedCodes = [
  ...['invalid_client', 'unauthorized_client', 'invalid_request'],
  ...['invalid_dpop_proof', 'use_dpop_nonce'],
];

/**
 * The error of a client that the token endpoint refuses for want of what it demands; undefined for any other refusal. Okta, whose
 * metadata are complete, says it with `invalid_client` and in words: for an unknown client it has other ones.
 * @param isKnown whether the server knows the client, as after it gave it a code: `invalid_client` then means how it
 * authenticates, and not who it is
 */
export function demandOf(
  refusal: unknown,
  { mayDemand }: Pick<AuthorizationServer, 'mayDemand'>,
  isKnown = true,
): SignInError | undefined {
  if (!(refusal instanceof OAuthErrorResponse)) return undefined;
  const { error, details } = refusal;
  if (mayDemand === undefined && error !== 'invalid_client') return undefined;
  // Auth0 has neither a code nor a word for it.
  const isUnauthorized = error === 'access_denied' && /^unauthorized$/i.test(details.description ?? '');
  const named = wordedCodes.includes(error) ? namedDemand(refusal) : undefined;
  const isClient = isKnown && (error === 'invalid_client' || isUnauthorized);
  const likely =
    isClient && mayDemand !== undefined
      ? (mayDemand.find((demand) => demand !== 'dpop') ?? 'clientSecret')
      : undefined;
  const demand = named ?? likely;
  if (demand === undefined) return undefined;
  const kind = demand === 'dpop' ? 'requestRefused' : 'registrationRefused';
  return new SignInError(kind, { ...details, reason: demand }, refusal);
}

/**
 * The error of an authorization request that had to be pushed (RFC 9126) or signed (RFC 9101) for this one client, of which
 * metadata say nothing; undefined for any other refusal.
 */
export function demandAtPage(refusal: OAuthErrorResponse): SignInError | undefined {
  const { error, details } = refusal;
  if (error !== 'invalid_request') return undefined;
  const { description = '' } = details;
  const isPushed = /pushed authorization request|\bPAR\b/i.test(description);
  if (!isPushed && !/request object must be|signed request/i.test(description)) return undefined;
  return new SignInError('noFlow', { ...details, reason: isPushed ? 'par' : 'jar' }, refusal);
}

/**
 * Asks the token endpoint, with a made-up code, for what the metadata leave open. Servers look at the client first (RFC
 * 6749, 3.2.1). A refusal that names nothing counts only where `finding` shows that the client is known. Never rejects.
 */
export async function askForDemand(
  oidc: ClientOverHttp,
  redirectUri: string,
  finding: Promise<RedirectUriStatus>,
  signal: AbortSignal,
): Promise<SignInError | undefined> {
  const { server } = oidc;
  const parameters = new URLSearchParams({
    code: `${probeStatePrefix}${crypto.randomUUID()}`,
    iss: server.issuer,
  });
  const callback = new URL(`${redirectUri}?${parameters}`);
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier() };
  const refusal = await tokenAnswer(
    oidc,
    (configuration) => client.authorizationCodeGrant(configuration, callback, checks),
    signal,
  ).catch((error: unknown) => error);
  const named = demandOf(refusal, server, false);
  const likely = demandOf(refusal, server);
  if (named !== undefined || likely === undefined) return named;
  return (await finding).registration === 'registered' ? likely : undefined;
}
