import type { ClientMetadata, Configuration, CustomFetch, ServerMetadata } from 'openid-client';
import * as v from 'valibot';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { OAuthErrorResponse } from '../oauth/errorResponse.ts';
import type { OpenIdProvider } from './openIdConnection.ts';
import type { HttpFetch, IsSameOrganization } from '../ports.ts';
import { isOktaHost, oktaDomains } from './oktaDomains.ts';
import { safeId, safeText } from '../text/safeText.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { withoutEcho } from '../text/withoutEcho.ts';
import { parseJson } from '../text/parseJson.ts';
import { defined } from '../defined.ts';

/**
 * Asks the issuer for its metadata (OpenID Connect Discovery 1.0, 4) and checks what openid-client leaves to its
 * caller: S256, and that every endpoint is on the issuer's host, below it, or in its organization's domain.
 * @throws SignInError `metadataMissing`, `metadataMismatch` (`reason`: `issuer`, `foreignEndpoint`, `noS256`,
 * `noEndpoint`), `noFlow` as {@link checkMetadata}, `invalidResponse` for a redirect or a document that is cut off, `proxy`, or as the transport fails
 */
export async function discover(
  { http, isSameOrganization }: DiscoveryPorts,
  issuer: string,
  signal: AbortSignal,
  provider: OpenIdProvider = 'okta',
): Promise<AuthorizationServer> {
  const client = await import('openid-client');
  const host = new URL(issuer).host;
  let metadata: Readonly<ServerMetadata>;
  try {
    // The document's own address: which issuer it names is looked at below.
    const address = new URL(`${issuer}/.well-known/openid-configuration`);
    const configuration = await client.discovery(address, noClient, undefined, client.None(), {
      [client.customFetch]: asCustomFetch(documentOf(http), signal),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; loopback only
      execute: isLoopbackUrl(new URL(issuer)) ? [client.allowInsecureRequests] : [],
    });
    metadata = configuration.serverMetadata();
  } catch (error) {
    throw discoveryError(error, host);
  }
  return checkMetadata(issuer, metadata, isSameOrganization, provider);
}

export interface DiscoveryPorts {
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
}

/**
 * A document is what its body says, whatever type it is announced as. What is not JSON is not the server's: words in its
 * place, or a refusal without a reason. A redirect, or a document that is cut off, tells nothing about the issuer.
 */
function documentOf(http: HttpFetch): HttpFetch {
  return async (url, request) => {
    const response = await http(url, request);
    const { status } = response;
    if (status >= 400 && status !== 401 && status !== 403) return response;
    const { host } = new URL(url);
    const facts = { operation: 'metadata', host, status };
    if (status !== 200 && status < 400) throw new SignInError('invalidResponse', facts);
    const text = await response.text();
    const json = parseJson(text);
    if (json === undefined) throw new SignInError(/^\s*[[{]/.test(text) ? 'invalidResponse' : 'proxy', facts);
    return Response.json(json, { status });
  };
}

/** Metadata belongs to no client; the library wants one named all the same. */
const noClient = 'none';

/** A metadata document as it came, as far as it is looked at. */
export interface MetadataDocument {
  readonly issuer?: unknown;
  readonly authorization_endpoint?: unknown;
  readonly token_endpoint?: unknown;
  readonly revocation_endpoint?: unknown;
  readonly device_authorization_endpoint?: unknown;
  readonly code_challenge_methods_supported?: unknown;
  readonly authorization_response_iss_parameter_supported?: unknown;
  readonly jwks_uri?: unknown;
  readonly id_token_signing_alg_values_supported?: unknown;
  readonly require_pushed_authorization_requests?: unknown;
}

/**
 * The part of {@link discover} without a request. Metadata that say nothing of PKCE are good enough at any provider but
 * Okta, which announces it: Microsoft Entra ID has S256 and does not (learn.microsoft.com, v2-oauth2-auth-code-flow).
 * The challenge is sent in any case.
 * @throws SignInError `metadataMismatch`, or `noFlow` with `reason` `par` where every authorization request has to be
 * pushed (RFC 9126, 5)
 */
export async function checkMetadata(
  issuer: string,
  metadata: MetadataDocument,
  isSameOrganization: IsSameOrganization,
  provider: OpenIdProvider = 'okta',
): Promise<AuthorizationServer> {
  const named = typeof metadata.issuer === 'string' ? metadata.issuer : '';
  const mismatch = (reason: string, host?: string): SignInError =>
    new SignInError('metadataMismatch', {
      operation: 'metadata',
      reason,
      ...defined({ host }),
      ...(reason === 'issuer' && named !== '' ? { namedIssuer: named.slice(0, 300) } : {}),
    });
  if (!isSameIssuer(named, issuer)) throw mismatch('issuer', URL.parse(named)?.host);
  const endpoint = async (value: unknown): Promise<string> => {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    if (url === null) throw mismatch('noEndpoint');
    if (!(await isTrustedEndpoint(url, new URL(issuer), isSameOrganization)))
      throw mismatch('foreignEndpoint', url.host);
    return url.href;
  };
  const methods = metadata.code_challenge_methods_supported;
  const hasS256 = Array.isArray(methods)
    ? methods.includes('S256')
    : methods === undefined && provider === 'oidc';
  if (!hasS256) throw mismatch('noS256');
  if (metadata.require_pushed_authorization_requests === true)
    throw new SignInError('noFlow', { operation: 'metadata', reason: 'par', host: new URL(issuer).host });
  const { revocation_endpoint: revocation, device_authorization_endpoint: device } = metadata;
  return {
    issuer: named, // As it spells itself in `iss`.
    authorizationEndpoint: await endpoint(metadata.authorization_endpoint),
    tokenEndpoint: await endpoint(metadata.token_endpoint),
    ...(revocation === undefined ? {} : { revocationEndpoint: await endpoint(revocation) }),
    ...(device === undefined ? {} : { deviceAuthorizationEndpoint: await endpoint(device) }),
    issParameter: metadata.authorization_response_iss_parameter_supported === true,
    ...signingOf(metadata, new URL(issuer)),
  };
}

/** Whether the issuer that a document names is the one that was asked, but for a slash at its end or its host's case. */
export function isSameIssuer(named: string, issuer: string): boolean {
  if (named === issuer) return true;
  const url = URL.parse(named);
  if (url?.search !== '' || url.hash !== '' || url.username !== '') return false;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}` === issuer;
}

/** How ID tokens are signed. What is announced amiss costs no sign-in: then they are trusted for their way here. */
function signingOf(
  { jwks_uri, id_token_signing_alg_values_supported: given }: MetadataDocument,
  issuer: URL,
): Pick<AuthorizationServer, 'jwksUri' | 'idTokenAlgorithms'> {
  const url = typeof jwks_uri === 'string' ? URL.parse(jwks_uri) : null;
  const isLocal = url !== null && isLoopbackUrl(url) && isLoopbackUrl(issuer);
  const algorithms = Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
  return {
    ...(url?.protocol === 'https:' || isLocal ? { jwksUri: url.href } : {}),
    ...(algorithms.length === 0 ? {} : { idTokenAlgorithms: algorithms }),
  };
}

/**
 * Vendors of sign-in services whose customers have a name below, some a level deeper, and that the Public Suffix List
 * does not have: neighbors there are strangers.
 */
const sharedDomains: readonly string[] = [
  ...oktaDomains,
  ...[
    'auth0.com',
    'onelogin.com',
    'pingone.com',
    'pingone.eu',
    'pingone.asia',
    'pingone.ca',
    'pingone.com.au',
  ],
  ...['amazoncognito.com', 'amazonaws.com', 'b2clogin.com', 'ciamlogin.com', 'cloudapp.azure.com'],
  ...['forgeblocks.com', 'idaptive.app', 'cloudflareaccess.com'],
  ...['identity.oraclecloud.com', 'accounts.ondemand.com'],
];

/**
 * Whether an address belongs to the issuer: its protocol and host, a host below, or another host of the same
 * organization, as `login.example.com` beside `id.example.com`. Below a domain of Okta's own only the host counts.
 */
export async function isTrustedEndpoint(
  url: URL,
  issuer: URL,
  isSameOrganization: IsSameOrganization,
): Promise<boolean> {
  if (url.protocol !== issuer.protocol || url.username !== '' || url.password !== '') return false;
  if (url.hostname.endsWith('.') || issuer.hostname.endsWith('.')) return false;
  if (url.host === issuer.host) return true;
  if (issuer.port !== '' || url.port !== '' || isAddress(issuer.hostname) || isAddress(url.hostname))
    return false;
  if (isOktaHost(issuer.hostname) || isOktaHost(url.hostname)) return false;
  if (url.hostname.endsWith(`.${issuer.hostname}`)) return !sharedDomains.includes(issuer.hostname);
  if (isShared(issuer.hostname) || isShared(url.hostname)) return false;
  const parent = issuer.hostname.slice(issuer.hostname.indexOf('.'));
  return url.hostname.endsWith(parent) && isSameOrganization(issuer.hostname, url.hostname);
}

/** A tenant's own name below a shared domain counts too: what is beside it belongs to others. */
function isShared(hostname: string): boolean {
  return sharedDomains.some((domain) => `.${hostname}`.endsWith(`.${domain}`));
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname) || !hostname.includes('.');
}

/** The library's view of a server this product has checked before, for one request. */
export async function configurationOf(
  http: HttpFetch,
  server: AuthorizationServer,
  clientId: string,
  signal: AbortSignal,
  metadata?: Partial<ClientMetadata>,
): Promise<Configuration> {
  const client = await import('openid-client');
  const configuration = new client.Configuration(
    {
      issuer: server.issuer,
      authorization_endpoint: server.authorizationEndpoint,
      token_endpoint: server.tokenEndpoint,
      ...defined({ revocation_endpoint: server.revocationEndpoint }),
      ...(server.deviceAuthorizationEndpoint === undefined
        ? {}
        : { device_authorization_endpoint: server.deviceAuthorizationEndpoint }),
      authorization_response_iss_parameter_supported: server.issParameter,
      ...defined({ jwks_uri: server.jwksUri }),
      ...(server.idTokenAlgorithms === undefined
        ? {}
        : { id_token_signing_alg_values_supported: [...server.idTokenAlgorithms] }),
    },
    clientId,
    metadata,
    client.None(),
  );
  configuration[client.customFetch] = asCustomFetch(http, signal);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; loopback only
  if (isLoopbackUrl(new URL(server.issuer))) client.allowInsecureRequests(configuration);
  return configuration;
}

function asCustomFetch(http: HttpFetch, signal: AbortSignal): CustomFetch {
  return async (url, { method, headers, body }) => {
    const sent = body === undefined || body === null ? undefined : String(body as URLSearchParams | string);
    const request = {
      method,
      // Every endpoint that is asked here speaks JSON, also where the library wants none; what does not is a proxy's.
      headers: {
        ...headers,
        ...((headers['accept'] ?? '*/*') === '*/*' ? { accept: 'application/json' } : {}),
      },
      signal,
      ...defined({ body: sent }),
    };
    return withoutEcho(await http(url, request), request);
  };
}

/**
 * What a library error of a token or revocation request means: the transport's own error, the server's refusal,
 * or an invalid response.
 */
export async function tokenRequestError(error: unknown, operation: string, host: string): Promise<Error> {
  const transport = findSignInError(error);
  if (transport !== undefined) return transport;
  const client = await import('openid-client');
  if (error instanceof client.ResponseBodyError) {
    const requestId = safeId(error.response.headers.get('x-okta-request-id'));
    const description = safeText(error.error_description);
    return new OAuthErrorResponse(
      error.error,
      {
        operation,
        host,
        status: error.status,
        ...defined({ description, requestId }),
      },
      withoutBody(error),
    );
  }
  return (
    (await unreadRefusal(error, operation, host)) ??
    new SignInError(
      'invalidResponse',
      { operation, host, ...statusOf(error), ...codeOf(error) },
      withoutBody(error),
    )
  );
}

const refusalSchema = v.object({
  error: v.optional(v.string()),
  error_description: v.optional(v.string()),
  errorCode: v.optional(v.string()),
  errorSummary: v.optional(v.string()),
  errorId: v.optional(v.string()),
});

/**
 * A refusal that the library leaves unread: Okta's for an unknown client, in the words of its API (docs/PROTOCOL.md, 2),
 * and one with a `WWW-Authenticate` header (RFC 6749, 5.2).
 */
async function unreadRefusal(
  error: unknown,
  operation: string,
  host: string,
): Promise<OAuthErrorResponse | undefined> {
  if (!(error instanceof Error)) return undefined;
  const response = 'response' in error ? error.response : error.cause;
  if (!(response instanceof Response) || response.status < 400 || response.bodyUsed) return undefined;
  const parsed = v.safeParse(refusalSchema, await response.json().catch(() => undefined));
  const output = parsed.success ? parsed.output : {};
  const challenge = response.headers.get('www-authenticate') ?? '';
  const word =
    output.error ?? output.errorCode ?? /[\s,]error\s{0,5}=\s{0,5}"([^"]{1,100})"/i.exec(challenge)?.[1];
  if (word === undefined) return undefined;
  const description = safeText(output.error_description ?? output.errorSummary);
  const requestId = safeId(response.headers.get('x-okta-request-id') ?? output.errorId);
  return new OAuthErrorResponse(
    word,
    {
      operation,
      host,
      status: response.status,
      ...defined({ description, requestId }),
    },
    withoutBody(error),
  );
}

function discoveryError(error: unknown, host: string): SignInError {
  const transport = findSignInError(error);
  if (transport?.kind === 'proxy')
    return new SignInError('proxy', { ...transport.details, operation: 'metadata' }, transport);
  if (transport !== undefined) return transport;
  const details = { operation: 'metadata', host, ...statusOf(error), ...codeOf(error) };
  return new SignInError('metadataMissing', details, withoutBody(error));
}

/** A library error without its `cause`: that may hold the body of an answer, and so a token. */
function withoutBody(error: unknown): Error | undefined {
  return error instanceof Error ? new Error(error.name) : undefined;
}

function codeOf(error: unknown): { code?: string } {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? { code } : {};
}

function statusOf(error: unknown): { status?: number } {
  if (!(error instanceof Error)) return {};
  const response = 'response' in error ? error.response : error.cause;
  return response instanceof Response ? { status: response.status } : {};
}
