import * as oauth from 'oauth4webapi';
import * as v from 'valibot';
import { defined } from '../defined.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { decodeAccessToken, decodeClaims, textClaim } from './accessToken.ts';
import type { OidcClient } from './discovery.ts';

/** Maximum difference between this machine's clock and the server's. */
const toleranceSeconds = 5 * 60;
/** A tolerance so large that times never invalidate an ID token. */
const anyTimeSeconds = 1000 * 366 * 24 * 3600;
/** Time limit for validating a refreshed ID token: fetching keys must not delay tokens that have already arrived. */
const keysTimeoutMilliseconds = 5_000;

/** Accepted signing algorithms if the server announces none: all but symmetric ones and `none`. */
const algorithms: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Whether the scopes request an ID token (OpenID Connect Core 1.0, 3.1.2.1). */
export function asksForIdToken(scopes: readonly string[]): boolean {
  return scopes.includes('openid');
}

/**
 * Validates the ID token of a sign-in. Returns undefined if the keys to verify its signature are unavailable: the
 * response came from the token endpoint over TLS, so its tokens are still good.
 * @throws SignInError `invalidResponse` for an invalid ID token: `reason` `idTokenTimes` if only its times do not fit
 * the clock, otherwise `idToken` with the failed check as `code`
 */
export async function signedInIdToken(
  oidc: OidcClient,
  idToken: string,
  nonce: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await validate(oidc, idToken, nonce, signal);
    return idToken;
  } catch (error) {
    const isInvalid = findSignInError(error)?.details.operation === 'idToken';
    if (isInvalid || signal.aborted) throw error;
    logUnused(oidc, error);
    return undefined;
  }
}

/** The ID token of a refresh if it is valid; otherwise logs why it is not (docs/PROTOCOL.md, 2). Never rejects. */
export async function refreshedIdToken(
  oidc: OidcClient,
  idToken: string,
  before: TokenSet,
): Promise<string | undefined> {
  try {
    // A nonce, if present, must match the first ID token's (OpenID Connect Core 1.0, 12.2).
    const nonce = before.idToken === undefined ? undefined : claimsOf(before.idToken).nonce;
    const isOther = nonce !== undefined && ![undefined, nonce].includes(claimsOf(idToken).nonce);
    if (isOther) throw invalid(oidc, 'nonce');
    await validate(oidc, idToken, undefined, AbortSignal.timeout(keysTimeoutMilliseconds));
    return idToken;
  } catch (error) {
    logUnused(oidc, error);
    return undefined;
  }
}

/**
 * Rejects a whole refresh response whose ID token names another user (OpenID Connect Core 1.0, 12.2): its refresh token
 * would keep issuing that user's tokens. The session retries with its own.
 * @throws SignInError `invalidResponse` with `reason` `otherSubject`
 */
export function checkSubject({ server }: OidcClient, idToken: string, before: TokenSet): void {
  const { sub } = claimsOf(idToken);
  const known = subjectsOf(before);
  if (sub === undefined || known.length === 0 || known.includes(sub)) return;
  const { host } = new URL(server.tokenEndpoint);
  throw new SignInError('invalidResponse', { operation: 'refresh', host, reason: 'otherSubject' });
}

/** The subject of a session's ID token, or without one, the candidates in its access token. */
function subjectsOf({ idToken, accessToken }: TokenSet): readonly string[] {
  const sub = idToken === undefined ? undefined : claimsOf(idToken).sub;
  if (sub !== undefined) return [sub];
  const claims = decodeAccessToken(accessToken);
  return [claims.sub, claims.uid].filter((one) => one !== undefined);
}

/**
 * Validates an ID token (OpenID Connect Core 1.0, 3.1.3.7): first its claims, then its signature if keys are announced.
 * @throws SignInError `invalidResponse` of operation `idToken`, or if the keys are unavailable, of operation `keys` or
 * as the transport fails
 */
async function validate(
  oidc: OidcClient,
  idToken: string,
  nonce: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { clientId, clock, http, server } = oidc;
  const { idTokenAlgorithms = algorithms, issuer, jwksUri } = server;
  const metadata = {
    ...{ issuer, ...defined({ jwks_uri: jwksUri }) },
    id_token_signing_alg_values_supported: [...idTokenAlgorithms],
  };
  const checkClaims = async (seconds: number): Promise<Response> => {
    const client = {
      client_id: clientId,
      [oauth.clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
      [oauth.clockTolerance]: seconds,
    };
    // The library reads an ID token only as part of a response. `token.ts` has parsed the other members.
    const response = Response.json({ access_token: 'none', token_type: 'bearer', id_token: idToken });
    await (nonce === undefined
      ? oauth.processRefreshTokenResponse(metadata, client, response)
      : oauth.processAuthorizationCodeResponse(metadata, client, response, { expectedNonce: nonce }));
    return response;
  };
  const checkSignature = async (response: Response, uri: string): Promise<void> => {
    const request = { method: 'GET', headers: { accept: keyTypes }, signal };
    const published = await keysFrom(await http(uri, request), uri);
    const verify = async (keys: oauth.JWK[]): Promise<void> => {
      const uat = Math.floor(Date.now() / 1000); // Now, so that the library uses these keys.
      const given = { [oauth.jwksCache]: { jwks: { keys }, uat } };
      await oauth.validateApplicationLevelSignature({ ...metadata }, response, given);
    };
    await verify(published).catch(async (error: unknown) => {
      // The library requires a single matching key. If several match, tries each.
      if (codeOf(error) !== oauth.KEY_SELECTION) throw error;
      await Promise.any(possibleKeys(idToken, published).map((key) => verify([key]))).catch(() => {
        throw error;
      });
    });
  };
  try {
    const { azp } = claimsOf(idToken);
    if (azp !== undefined && azp !== clientId) throw invalid(oidc, 'azp');
    const timely = await checkClaims(toleranceSeconds).catch((error: unknown) => {
      if (codeOf(error) !== oauth.JWT_TIMESTAMP_CHECK) throw error;
      return undefined;
    });
    const response = timely ?? (await checkClaims(anyTimeSeconds));
    if (jwksUri !== undefined) await checkSignature(response, jwksUri);
    if (timely === undefined) throw invalid(oidc, 'times', 'idTokenTimes');
  } catch (error) {
    throw findSignInError(error) ?? invalid(oidc, claimOf(error) ?? codeOf(error) ?? 'unreadable');
  }
}

/** The valid keys in a response. @throws SignInError `invalidResponse` of operation `keys` if it has none */
async function keysFrom(response: Response, url: string): Promise<oauth.JWK[]> {
  const parsed = v.safeParse(
    keysSchema,
    response.ok ? await response.json().catch(() => undefined) : undefined,
  );
  const keys = (parsed.success ? parsed.output.keys : []).flatMap((one) => {
    const key = v.safeParse(keySchema, one);
    return key.success ? [key.output] : [];
  });
  if (keys.length > 0) return keys;
  const { status } = response;
  throw new SignInError('invalidResponse', { operation: 'keys', host: new URL(url).host, status });
}

/** A key (RFC 7517, 4) without its null or malformed members. */
const keySchema = v.pipe(
  v.looseObject({ kty: v.string() }),
  v.transform((key) => {
    const isWellFormed = ([name, value]: readonly [string, unknown]): boolean =>
      name === 'key_ops' ? Array.isArray(value) : typeof value === 'string';
    return { kty: key.kty, ...Object.fromEntries(Object.entries(key).filter(isWellFormed)) };
  }),
);
const keysSchema = v.object({ keys: v.array(v.unknown()) });

const keyTypes = 'application/json, application/jwk-set+json';

/** Maximum number of keys to try; servers publish a handful. */
const maxKeys = 10;

/**
 * The keys that may have signed an ID token, if `kid` does not identify one: some servers omit it on either side, or
 * use it twice (RFC 7517, 4.5). Each gets the ID that the library looks for.
 */
function possibleKeys(idToken: string, keys: readonly oauth.JWK[]): readonly oauth.JWK[] {
  // Pass the header in place of the payload.
  const { kid } = decodeClaims(v.object({ kid: textClaim }), `.${idToken.split('.')[0] ?? ''}.`);
  return keys
    .filter((key) => kid === undefined || key.kid === undefined || key.kid === kid)
    .slice(0, maxKeys)
    .map((key) => (kid === undefined ? key : { ...key, kid }));
}

function invalid({ server }: OidcClient, code: string, reason = 'idToken'): SignInError {
  const { host } = new URL(server.tokenEndpoint);
  return new SignInError('invalidResponse', { operation: 'idToken', host, reason, code });
}

function logUnused({ log, server }: OidcClient, error: unknown): void {
  const known = findSignInError(error);
  log.warn('The ID token of a response was discarded', {
    host: new URL(server.tokenEndpoint).host,
    kind: known?.kind,
    reason: known?.details.reason,
    code: known?.details.code,
  });
}

const claimsSchema = v.object({ sub: textClaim, nonce: textClaim, azp: textClaim });

/** The claims of an ID token, unverified. */
const claimsOf = (idToken: string) => decodeClaims(claimsSchema, idToken);

const refusedClaimSchema = v.object({
  cause: v.object({ claim: v.picklist(['iss', 'aud', 'azp', 'nonce', 'exp', 'nbf', 'iat']) }),
});

function claimOf(error: unknown): string | undefined {
  const parsed = v.safeParse(refusedClaimSchema, error);
  return parsed.success ? parsed.output.cause.claim : undefined;
}

/** The code of a library error, if any. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
