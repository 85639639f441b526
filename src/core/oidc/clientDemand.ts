import { SignInError } from '../oauth/errors.ts';
import { OAuthErrorResponse } from '../oauth/errorResponse.ts';
import { randomText } from '../oauth/pkce.ts';
import type { RedirectUriStatus } from '../oauth/userInteraction.ts';
import type { AuthorizationServer, ClientDemand } from './authorizationServerRecord.ts';
import type { ClientOverHttp } from './discovery.ts';
import { probeStatePrefix } from './redirectUri.ts';
import { requestMembers } from './token.ts';

/** The demand that a token endpoint's refusal names; RFC 6749 has one code for all of them. */
function namedDemand({ error, details }: OAuthErrorResponse): ClientDemand | undefined {
  const { description = '' } = details;
  const isDpopCode = ['invalid_dpop_proof', 'use_dpop_nonce'].includes(error);
  if (isDpopCode || /\bdpop\b/i.test(description)) return 'dpop';
  // Keycloak's sentence for a client without its secret; with this code, for an unknown client.
  const isUnknown = error === 'invalid_client' && /^invalid client or invalid client cred/i.test(description);
  if (!isUnknown && /client[ _-]?(secret|credentials)/i.test(description)) return 'clientSecret';
  if (/client[ _-]?assertion|private[ _-]?key[ _-]?jwt/i.test(description)) return 'privateKeyJwt';
  return /client certificate|\bm-?tls\b/i.test(description) ? 'clientCertificate' : undefined;
}

/** Error codes whose descriptions may name a demand: Keycloak sends the second one, Google the third. */
const wordedCodes = [
  ...['invalid_client', 'unauthorized_client', 'invalid_request'],
  ...['invalid_dpop_proof', 'use_dpop_nonce'],
];

/**
 * Maps a token endpoint's refusal to the error of an unmet demand; undefined for others. Okta, whose metadata is
 * complete, sends `invalid_client` with a description that names the demand; an unknown client gets another one.
 * @param isKnown whether the server knows the client, as after it issued a code: `invalid_client` then concerns how it
 * authenticates, not its identity
 */
export function demandOf(
  refusal: unknown,
  { mayDemand }: Pick<AuthorizationServer, 'mayDemand'>,
  isKnown = true,
): SignInError | undefined {
  if (!(refusal instanceof OAuthErrorResponse)) return undefined;
  const { error, details } = refusal;
  if (mayDemand === undefined && error !== 'invalid_client') return undefined;
  // Auth0 sends this code and description, neither of which names the demand.
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
 * Maps a refused authorization request to the error that this client must push (RFC 9126) or sign (RFC 9101) its
 * requests, a per-client setting that metadata omits; undefined for any other refusal.
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
 * Probes the token endpoint, using a made-up code, for demands that the metadata leaves open: servers check the client
 * first (RFC 6749, 3.2.1). A refusal that names none counts only if `status` shows a known client. Never rejects.
 */
export async function probeForDemand(
  oidc: ClientOverHttp,
  redirectUri: string,
  status: Promise<RedirectUriStatus>,
  signal: AbortSignal,
): Promise<SignInError | undefined> {
  const { server } = oidc;
  const code = `${probeStatePrefix}${crypto.randomUUID()}`;
  const form = {
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    code,
    code_verifier: randomText(),
  };
  const refusal = await requestMembers(oidc, 'token', form, signal).catch((error: unknown) => error);
  const named = demandOf(refusal, server, false);
  const likely = demandOf(refusal, server);
  if (named !== undefined || likely === undefined) return named;
  return (await status).registration === 'registered' ? likely : undefined;
}
