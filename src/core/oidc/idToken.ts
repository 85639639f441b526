import * as client from 'openid-client';
import * as v from 'valibot';
import { defined } from '../defined.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
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
 * Has the library validate an ID token as if it came with a token response (OpenID Connect Core 1.0, 3.1.3.7).
 * @throws SignInError `invalidResponse` of operation `idToken`, or if the keys are unavailable, of operation `keys` or
 * as the transport fails
 */
async function validate(
  oidc: OidcClient,
  idToken: string,
  nonce: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { server, clientId } = oidc;
  let publishedKeys: Promise<readonly Key[]> | undefined;
  const validateWithin = async (seconds: number, only?: Key): Promise<void> => {
    const { idTokenAlgorithms = algorithms, issuer, jwksUri, tokenEndpoint } = server;
    const metadata = {
      ...{ issuer, token_endpoint: tokenEndpoint, ...defined({ jwks_uri: jwksUri }) },
      id_token_signing_alg_values_supported: [...idTokenAlgorithms],
    };
    const clock = {
      [client.clockSkew]: Math.round((oidc.clock.now() - Date.now()) / 1000),
      [client.clockTolerance]: seconds,
    };
    const configuration = new client.Configuration(metadata, clientId, clock, client.None());
    configuration[client.customFetch] = async (url, { method, headers }) => {
      if (method === 'POST')
        return Response.json({ access_token: 'none', token_type: 'bearer', id_token: idToken });
      const request = { method, headers, signal };
      publishedKeys ??= oidc.http(url, request).then((response) => keysFrom(response, url));
      return Response.json({ keys: only === undefined ? await publishedKeys : [only] });
    };
    // oxlint-disable-next-line typescript/no-deprecated -- deprecated only to stand out; used for loopback
    if (isLoopbackUrl(new URL(issuer))) client.allowInsecureRequests(configuration);
    if (jwksUri !== undefined) client.enableNonRepudiationChecks(configuration);
    if (nonce === undefined) {
      await client.refreshTokenGrant(configuration, 'none');
    } else {
      const callback = new URL('http://localhost/?code=none');
      await client.authorizationCodeGrant(configuration, callback, { expectedNonce: nonce });
    }
  };
  /** The library requires a single matching key. If several match, tries each until one verifies the signature. */
  const validateByAnyKey = async (error: unknown): Promise<void> => {
    if (codeOf(error) !== 'OAUTH_KEY_SELECTION_FAILED') throw error;
    for (const key of possibleKeys(idToken, (await publishedKeys) ?? [])) {
      const isSigner = await validateWithin(toleranceSeconds, key).then(
        () => true,
        () => false,
      );
      if (isSigner) return;
    }
    throw error;
  };
  try {
    const { azp } = claimsOf(idToken);
    if (azp !== undefined && azp !== clientId) throw invalid(oidc, 'azp');
    await validateWithin(toleranceSeconds).catch(async (error: unknown) => {
      if (codeOf(error) !== 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return validateByAnyKey(error);
      await validateWithin(anyTimeSeconds);
      throw invalid(oidc, 'times', 'idTokenTimes');
    });
  } catch (error) {
    throw findSignInError(error) ?? invalid(oidc, claimOf(error) ?? codeOf(error) ?? 'unreadable');
  }
}

type Key = Readonly<Record<string, unknown>>;

/** The valid keys in a response. @throws SignInError `invalidResponse` of operation `keys` if it has none */
async function keysFrom(response: Response, url: string): Promise<readonly Key[]> {
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

/** Maximum number of keys to try; servers publish a handful. */
const maxKeys = 10;

/**
 * The keys that may have signed an ID token, if `kid` does not identify one: some servers omit it on either side, or
 * use it twice (RFC 7517, 4.5). Each gets the ID that the library looks for.
 */
function possibleKeys(idToken: string, keys: readonly Key[]): readonly Key[] {
  // Pass the header in place of the payload.
  const { kid } = decodeClaims(v.object({ kid: textClaim }), `.${idToken.split('.')[0] ?? ''}.`);
  return keys
    .filter((key) => kid === undefined || key['kid'] === undefined || key['kid'] === kid)
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
  cause: v.object({
    cause: v.object({ claim: v.picklist(['iss', 'aud', 'azp', 'nonce', 'exp', 'nbf', 'iat']) }),
  }),
});

function claimOf(error: unknown): string | undefined {
  const parsed = v.safeParse(refusedClaimSchema, error);
  return parsed.success ? parsed.output.cause.cause.claim : undefined;
}

/** The code of a library error, if any. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
