import type { AuthorizationServer as Metadata } from 'oauth4webapi';
import * as v from 'valibot';
import { defined } from '../defined.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import type { Clock, HttpFetch, IsSameOrganization, Log } from '../ports.ts';
import { parseJson } from '../text/parseJson.ts';
import { safeAddress } from '../text/safeText.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import type { AuthorizationServer, ClientDemand } from './authorizationServerRecord.ts';
import type { Dialect } from '../oauth/errorMeanings.ts';
import { normalIssuer } from './authorizationServerRecord.ts';
import { isTrustedEndpoint } from './trustedEndpoint.ts';

/**
 * Fetches the issuer's metadata (OpenID Connect Discovery 1.0, 4) and validates it with {@link checkMetadata}.
 * @throws SignInError `metadataMissing`, as {@link metadataIn} and {@link checkMetadata}, or as the transport fails
 */
export async function discover(
  { http, isSameOrganization }: DiscoveryPorts,
  issuer: string,
  signal: AbortSignal,
  metadataStyle: MetadataStyle = 'complete',
): Promise<AuthorizationServer> {
  const { host } = new URL(issuer);
  const address = `${issuer}/.well-known/openid-configuration`;
  const response = await requestMetadata(http, address, signal).catch((error: unknown) => {
    const { kind, details } = findSignInError(error) ?? {};
    throw kind === 'proxy' ? new SignInError('proxy', { ...details, operation: 'metadata' }, error) : error;
  });
  const metadata = await metadataIn(response, host);
  if (metadata === undefined)
    throw new SignInError('metadataMissing', { operation: 'metadata', host, status: response.status });
  return checkMetadata(issuer, metadata, isSameOrganization, metadataStyle);
}

interface DiscoveryPorts {
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
}

/**
 * Requests a metadata document. Follows one redirect to a document of that name on the same origin: some servers add a
 * slash or move it below their own path. The issuer in the document is checked in any case.
 * @throws SignInError as the transport fails
 */
export async function requestMetadata(
  http: HttpFetch,
  address: string,
  signal: AbortSignal,
): Promise<Response> {
  const request = { method: 'GET', headers: { accept: 'application/json' }, signal };
  const response = await http(address, request);
  const location = response.status > 300 && response.status < 400 ? response.headers.get('location') : null;
  const target = location === null ? null : URL.parse(location, address);
  const isMoved =
    target?.origin === new URL(address).origin &&
    /\/(?:openid-configuration|oauth-authorization-server)\/?$/.test(target.pathname);
  return isMoved ? http(target.href, request) : response;
}

/**
 * Parses the metadata in a response of any content type; undefined if the server reports that it has none.
 * @throws SignInError `invalidResponse` for a redirect or a truncated document, `proxy` for text other than JSON
 */
export async function metadataIn(response: Response, host: string): Promise<NamedMetadata | undefined> {
  const { status } = response;
  const details = { operation: 'metadata', host, status };
  if (status !== 200 && status < 400) throw new SignInError('invalidResponse', details);
  if (![200, 401, 403].includes(status)) return undefined;
  const text = await response.text();
  const json = parseJson(text);
  if (json === undefined) throw new SignInError(/^\s*[[{]/.test(text) ? 'invalidResponse' : 'proxy', details);
  const parsed = v.safeParse(namedSchema, json);
  return status === 200 && parsed.success ? parsed.output : undefined;
}

const namedSchema = v.looseObject({ issuer: v.string() });
/** A metadata document that names an issuer. */
export type NamedMetadata = v.InferOutput<typeof namedSchema>;

/** A metadata document with unvalidated members. */
export type MetadataDocument = { readonly [N in keyof Metadata]?: unknown };

/** `complete` metadata announces everything; `partial` may omit PKCE and what the client has to provide. */
export type MetadataStyle = 'complete' | 'partial';

/**
 * Checks what libraries leave to its caller: S256, and that every endpoint is on the issuer's host, a subdomain,
 * or its organization's domain. `partial` metadata may omit PKCE (docs/PROTOCOL.md, 2).
 * @throws SignInError `metadataMismatch` (`reason` `issuer`, `foreignEndpoint`, `plainHttp`, `noS256`, `noEndpoint`), or `noFlow` if
 * the server requires pushed (`par`; RFC 9126, 5) or signed (`jar`; RFC 9101, 10.5) authorization requests
 */
export async function checkMetadata(
  issuer: string,
  metadata: MetadataDocument,
  isSameOrganization: IsSameOrganization,
  metadataStyle: MetadataStyle = 'complete',
): Promise<AuthorizationServer> {
  const named = typeof metadata.issuer === 'string' ? metadata.issuer : '';
  const mismatch = (reason: string, host?: string): SignInError =>
    new SignInError('metadataMismatch', {
      operation: 'metadata',
      reason,
      ...defined({ host }),
      ...(reason === 'issuer' ? defined({ namedIssuer: safeAddress(named) }) : {}),
    });
  if (!isSameIssuer(named, issuer)) throw mismatch('issuer', URL.parse(named)?.host);
  const endpoint = async (value: unknown): Promise<string> => {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    if (url === null) throw mismatch('noEndpoint');
    const { hostname, protocol } = new URL(issuer);
    if (!(await isTrustedEndpoint(url, new URL(issuer), isSameOrganization))) {
      const isPlain = protocol === 'https:' && url.protocol === 'http:' && url.hostname === hostname;
      throw mismatch(isPlain ? 'plainHttp' : 'foreignEndpoint', url.host);
    }
    return url.href;
  };
  const isPartial = metadataStyle === 'partial';
  const methods = metadata.code_challenge_methods_supported ?? undefined;
  const hasS256 = Array.isArray(methods) ? methods.includes('S256') : methods === undefined && isPartial;
  if (!hasS256) throw mismatch('noS256');
  const unsupported = (reason: string): SignInError =>
    new SignInError('noFlow', { operation: 'metadata', reason, host: new URL(issuer).host });
  if (metadata.require_pushed_authorization_requests === true) throw unsupported('par');
  if (metadata.require_signed_request_object === true) throw unsupported('jar');
  /** Omits a member without an address: some servers list those that they do not support, too. */
  const announced = async (value: unknown) => (URL.canParse(String(value)) ? endpoint(value) : undefined);
  // Only the user opens this page, so omit a missing or foreign one instead of failing the sign-in.
  const endSessionEndpoint = await endpoint(metadata.end_session_endpoint).catch(() => undefined);
  return {
    issuer: named, // As spelled in `iss`.
    authorizationEndpoint: await endpoint(metadata.authorization_endpoint),
    tokenEndpoint: await endpoint(metadata.token_endpoint),
    ...defined({
      revocationEndpoint: await announced(metadata.revocation_endpoint),
      deviceAuthorizationEndpoint: await announced(metadata.device_authorization_endpoint),
    }),
    issParameter: metadata.authorization_response_iss_parameter_supported === true,
    ...signingOf(metadata, new URL(issuer)),
    ...defined({ endSessionEndpoint, mayDemand: isPartial ? possibleDemands(metadata) : undefined }),
  };
}

/** Whether the issuer in a document is the requested one, ignoring a trailing slash and the case of its host. */
export function isSameIssuer(named: string, issuer: string): boolean {
  if (named === issuer) return true;
  const url = URL.parse(named);
  if (url?.search !== '' || url.hash !== '' || url.username !== '') return false;
  return normalIssuer(named) === issuer;
}

/** The signing keys and algorithms of ID tokens. Omits malformed ones: TLS to the token endpoint then suffices. */
export function signingOf(
  { jwks_uri, id_token_signing_alg_values_supported: given }: MetadataDocument,
  issuer: URL,
): Pick<AuthorizationServer, 'jwksUri' | 'idTokenAlgorithms'> {
  const url = typeof jwks_uri === 'string' ? URL.parse(jwks_uri) : null;
  const isLocal = url !== null && isLoopbackUrl(url) && isLoopbackUrl(issuer);
  const algorithms = textsOf(given) ?? [];
  return {
    ...(url?.protocol === 'https:' || isLocal ? { jwksUri: url.href } : {}),
    ...(algorithms.length === 0 ? {} : { idTokenAlgorithms: algorithms }),
  };
}

/**
 * Demands that metadata leaves open, likeliest first; empty if it announces `none` and no DPoP. A list without `none`
 * is inconclusive: Microsoft Entra ID and Keycloak publish one and accept public clients. A missing list means a secret
 * (OpenID Connect Discovery 1.0, 3).
 */
export function possibleDemands(metadata: MetadataDocument): readonly ClientDemand[] {
  const methods = textsOf(metadata.token_endpoint_auth_methods_supported) ?? ['client_secret_basic'];
  const matches = (pattern: RegExp): boolean => methods.some((method) => pattern.test(method));
  const isOpen = !methods.includes('none');
  return [
    ...(isOpen && matches(/^client_secret_/) ? (['clientSecret'] as const) : []),
    ...(isOpen && matches(/^private_key_jwt$/) ? (['privateKeyJwt'] as const) : []),
    ...(isOpen && matches(/tls_client_auth$/) ? (['clientCertificate'] as const) : []),
    ...(textsOf(metadata.dpop_signing_alg_values_supported) === undefined ? [] : (['dpop'] as const)),
  ];
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

/** A public client of a validated server, and the `fetch` for its requests. */
export interface ClientOverHttp {
  readonly http: HttpFetch;
  readonly server: AuthorizationServer;
  readonly clientId: string;
}

/** A public client with everything that its grants need. */
export interface OidcClient extends ClientOverHttp {
  readonly clock: Clock;
  readonly log: Log;
  /** The meanings of the server's error codes. */
  readonly dialect: Dialect;
}
