import * as client from 'openid-client';
import type { ClientMetadata } from 'openid-client';
import * as v from 'valibot';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import type { HttpFetch } from '../ports.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { decodeAccessToken, decodeClaims, textClaim } from './accessToken.ts';
import { codeOf, configurationOf } from './discovery.ts';
import type { OidcClient } from './discovery.ts';

/** How far the clock of this machine and the server's may be apart. */
const toleranceSeconds = 5 * 60;
/** With this tolerance, times do not refuse an ID token. */
const anyTimeSeconds = 1000 * 366 * 24 * 3600;
/** A refresh is done already when its ID token is looked at: the keys may not keep the token from who waits for it. */
const keysPatienceMilliseconds = 5_000;

/** Algorithms of a signature where the server announces none: a secret and `none` are left out. */
const algorithms: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Whether these scopes ask for an ID token (OpenID Connect Core 1.0, 3.1.2.1). */
export function asksForIdToken(scopes: readonly string[]): boolean {
  return scopes.includes('openid');
}

/**
 * The ID token of a sign-in, or undefined where its signature cannot be checked for want of keys: the answer came
 * from the token endpoint itself over TLS, so that its tokens are good all the same.
 * @throws SignInError `invalidResponse` for an ID token that is not valid: `reason` `idTokenTimes` where only its times
 * do not fit the clock, otherwise `idToken` with what is wrong as `code`
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

/**
 * The ID token of a refresh if it is valid, otherwise undefined and a line in the log (docs/PROTOCOL.md, 2). Never
 * rejects.
 */
export async function refreshedIdToken(
  oidc: OidcClient,
  idToken: string,
  before: TokenSet,
): Promise<string | undefined> {
  try {
    // OpenID Connect Core 1.0, 12.2: where there is a nonce, it is that of the first one.
    const nonce = before.idToken === undefined ? undefined : claimsOf(before.idToken).nonce;
    const isOther = nonce !== undefined && ![undefined, nonce].includes(claimsOf(idToken).nonce);
    if (isOther) throw invalid(oidc, 'nonce');
    await validate(oidc, idToken, undefined, AbortSignal.timeout(keysPatienceMilliseconds));
    return idToken;
  } catch (error) {
    logUnused(oidc, error);
    return undefined;
  }
}

/**
 * Refuses the answer to a refresh that names another person (OpenID Connect Core 1.0, 12.2), as a whole: its refresh
 * token would go on to give that person's tokens. The session tries its own again.
 * @throws SignInError `invalidResponse` with `reason` `otherSubject`
 */
export function checkSubject({ server }: OidcClient, idToken: string, before: TokenSet): void {
  const { sub } = claimsOf(idToken);
  const known = subjectsOf(before);
  if (sub === undefined || known.length === 0 || known.includes(sub)) return;
  const { host } = new URL(server.tokenEndpoint);
  throw new SignInError('invalidResponse', { operation: 'refresh', host, reason: 'otherSubject' });
}

/** Who a session is as its tokens say: by its ID token, or where it has none by the claims of its access token. */
function subjectsOf({ idToken, accessToken }: TokenSet): readonly string[] {
  const sub = idToken === undefined ? undefined : claimsOf(idToken).sub;
  if (sub !== undefined) return [sub];
  const claims = decodeAccessToken(accessToken);
  return [claims.sub, claims.uid].filter((one) => one !== undefined);
}

/**
 * Has the library validate an ID token as if it came with the answer to a token request (OpenID Connect Core 1.0,
 * 3.1.3.7).
 * @throws SignInError `invalidResponse` of operation `idToken`, or of `keys` and as the transport fails where the keys
 * cannot be had
 */
async function validate(
  oidc: OidcClient,
  idToken: string,
  nonce: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { clock, http, server, clientId } = oidc;
  let published: Promise<readonly Key[]> | undefined;
  const validateWithin = async (seconds: number, only?: Key): Promise<void> => {
    const answered: HttpFetch = async (url, request) => {
      if (request.method === 'POST')
        return Response.json({ access_token: 'none', token_type: 'bearer', id_token: idToken });
      published ??= http(url, request).then((response) => keysFrom(response, url));
      return Response.json({ keys: only === undefined ? await published : [only] });
    };
    const metadata: Partial<ClientMetadata> = {
      [client.clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
      [client.clockTolerance]: seconds,
    };
    const { idTokenAlgorithms = algorithms } = server;
    const asked = { ...oidc, server: { ...server, idTokenAlgorithms }, http: answered };
    const configuration = configurationOf(asked, signal, metadata);
    if (server.jwksUri !== undefined) client.enableNonRepudiationChecks(configuration);
    if (nonce === undefined) {
      await client.refreshTokenGrant(configuration, 'none');
    } else {
      const callback = new URL(
        `http://localhost/?${new URLSearchParams({ code: 'none', iss: server.issuer })}`,
      );
      await client.authorizationCodeGrant(configuration, callback, { expectedNonce: nonce });
    }
  };
  /** The library wants one key by its ID: of several that may be meant, the one that fits is found by trying. */
  const validateByAnyKey = async (error: unknown): Promise<void> => {
    if (codeOf(error) !== 'OAUTH_KEY_SELECTION_FAILED') throw error;
    for (const key of possibleKeys(idToken, (await published) ?? [])) {
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

/** The keys of a document; what holds none says nothing of the ID token. What is not a key costs none of the others. */
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

/** A member that is null, or is not what RFC 7517, 4 says, says nothing of its key. */
const keySchema = v.pipe(
  v.looseObject({ kty: v.string() }),
  v.transform((key) => {
    const isSaid = ([name, value]: readonly [string, unknown]): boolean =>
      name === 'key_ops' ? Array.isArray(value) : typeof value === 'string';
    return { kty: key.kty, ...Object.fromEntries(Object.entries(key).filter(isSaid)) };
  }),
);
const keysSchema = v.object({ keys: v.array(v.unknown()) });

/** So many keys are tried; servers have a handful. */
const mostKeys = 10;

/**
 * The keys that may have signed an ID token whose header or whose keys do not say which one it was: some servers leave `kid`
 * out on either side, or give it twice (RFC 7517, 4.5). Each with the ID that the library looks for.
 */
function possibleKeys(idToken: string, keys: readonly Key[]): readonly Key[] {
  // The header, where the payload would be.
  const { kid } = decodeClaims(v.object({ kid: textClaim }), `.${idToken.split('.')[0] ?? ''}.`);
  return keys
    .filter((key) => kid === undefined || key['kid'] === undefined || key['kid'] === kid)
    .slice(0, mostKeys)
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

/** Claims that an ID token makes, unverified. */
const claimsOf = (idToken: string) => decodeClaims(claimsSchema, idToken);

const refusedClaimSchema = v.object({
  cause: v.object({
    cause: v.object({ claim: v.picklist(['iss', 'aud', 'azp', 'nonce', 'exp', 'nbf', 'iat']) }),
  }),
});

/** The claim that the library did not accept. */
function claimOf(error: unknown): string | undefined {
  const parsed = v.safeParse(refusedClaimSchema, error);
  return parsed.success ? parsed.output.cause.cause.claim : undefined;
}
