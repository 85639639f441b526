import { redirectPath } from '../oauth/userInteraction.ts';
import type {
  RedirectRegistration,
  RedirectUriStatus,
  UserInteraction,
  WrongParameter,
} from '../oauth/userInteraction.ts';
import type { AuthorizationServer, UsedRedirect } from './authorizationServerRecord.ts';
import { normalIssuer } from './authorizationServerRecord.ts';
import { isOktaOrganization } from './oktaDomains.ts';
import type { Clock, HttpFetch } from '../ports.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { shownAddress } from '../text/webAddress.ts';
import { safeText } from '../text/safeText.ts';
import { sha256Hex } from '../text/sha256.ts';
import { defined } from '../defined.ts';
import { abortedAtEnd } from '../oauth/abortable.ts';

/** The inherent defense that lets an issuer share `/oauth/callback` with others; undefined without one. */
export function sharedDefense({
  issuer,
  issParameter,
}: Pick<AuthorizationServer, 'issuer' | 'issParameter'>): 'iss' | 'okta' | undefined {
  if (issParameter) return 'iss';
  return isOktaOrganization(new URL(issuer).hostname) ? 'okta' : undefined;
}

/**
 * The path reserved for one issuer: `/oauth/callback/` and the first 16 hex digits of SHA-256(issuer). Administrators
 * register it for a connection's issuer, so a trailing slash in the metadata does not count.
 */
export async function ownRedirectPath(issuer: string): Promise<string> {
  return `${redirectPath}/${await sha256Hex(normalIssuer(issuer), 8)}`;
}

/** The parts of a loopback redirect URI (RFC 8252, 7.3). */
export interface RedirectUriParts {
  readonly host: 'localhost' | '127.0.0.1';
  /** In the order to try; 0 means any free port. */
  readonly ports: readonly number[];
  /** Set if the connection fixes it; `own` stands for {@link ownRedirectPath}. */
  readonly path?: string;
}

/**
 * Parses the redirect URI of a connection; without one, uses the registered ports on `localhost`. A URI without a port
 * accepts any: RFC 8252 requires that for `127.0.0.1`, and Microsoft Entra ID allows it on `localhost` too.
 */
export function redirectUriPartsOf(given: {
  readonly redirectUri?: string;
  readonly redirectPorts: readonly number[];
}): RedirectUriParts {
  if (given.redirectUri === undefined) return { host: 'localhost', ports: given.redirectPorts };
  const { hostname, pathname } = new URL(given.redirectUri);
  return {
    host: hostname === '127.0.0.1' ? hostname : 'localhost',
    ports: [Number(/:(\d+)/.exec(given.redirectUri)?.[1] ?? 0)], // `URL` omits 80, the default.
    path: pathname === '/' ? 'own' : pathname,
  };
}

/** A redirect URI, byte for byte as the server compares it; at Okta on `localhost`, never 127.0.0.1. */
export function redirectUriAt(
  port: number,
  path = redirectPath,
  host: RedirectUriParts['host'] = 'localhost',
): string {
  return `http://${host}:${port}${path}`;
}

/** A registered client, and the scopes that it requests. */
export interface Application {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** The URL of an authorization request with PKCE S256 (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export function authorizationUrl(
  { server, clientId, scopes }: Application,
  redirectUri: string,
  more: Readonly<Record<string, string>>,
): string {
  const url = new URL(server.authorizationEndpoint);
  const parameters = {
    ...more,
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href.replaceAll('+', '%20'); // The editor's opener may encode a `+` as `%2B`.
}

/** The result of an authorization request without user interaction. `error` comes from the redirect, if any. */
export interface AuthorizationProbe {
  readonly registration: RedirectRegistration;
  readonly error?: string;
  readonly description?: string;
  /** The invalid parameter, if the error page names exactly one of the two. */
  readonly wrongParameter?: WrongParameter;
  /** The cause of a missing response: no network, a proxy, too many requests. */
  readonly failure?: SignInError;
  /** HTTP status of an inconclusive response. */
  readonly status?: number;
  /** Redirect target of an inconclusive response. */
  readonly redirectsTo?: string;
}

/** Prefix of every probe's `state`, so that administrators can recognize it in a log. */
export const probeStatePrefix = 'developer-sign-in-check-';

/**
 * Probes whether a redirect URI is registered, without user interaction: `prompt=none` and no cookies (OpenID Connect
 * Core 1.0, 3.1.2.1). A redirect to it means yes, an error page no (RFC 6749, 4.1.2.1); any other response is
 * inconclusive. Never rejects.
 */
export async function probeRedirectUri(
  http: HttpFetch,
  application: Application,
  redirectUri: string,
  signal: AbortSignal,
): Promise<AuthorizationProbe> {
  const url = authorizationUrl(application, redirectUri, {
    state: `${probeStatePrefix}${crypto.randomUUID()}`,
    // The public example of RFC 7636, appendix B; a code of this request is never used.
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    prompt: 'none',
  });
  try {
    const response = await http(url, { method: 'GET', headers: { accept: 'text/html' }, signal });
    const location = response.headers.get('location') ?? '';
    if (response.status >= 300 && response.status < 400) {
      if (location !== redirectUri && !location.startsWith(`${redirectUri}?`))
        return { registration: 'notKnown', status: response.status, redirectsTo: shownAddress(location) };
      const { searchParams } = new URL(location);
      const error = safeText(searchParams.get('error'));
      const description = safeText(searchParams.get('error_description'));
      return { registration: 'registered', ...defined({ error, description }) };
    }
    if (response.status !== 400) return { registration: 'notKnown', status: response.status };
    const wrongParameter = wrongParameterOf(await response.text());
    return { registration: 'notRegistered', ...defined({ wrongParameter }) };
  } catch (error) {
    return { registration: 'notKnown', ...defined({ failure: findSignInError(error) }) };
  }
}

/** Maximum length of the searched part of an error page, in UTF-16 units. */
const pageLimit = 100_000;
const quote = /(?:['‘’]|&(?:#0?39|#x27|apos|lsquo|rsquo);)/.source;
/** Okta's page quotes the parameter in every language: `Invalid value for 'client_id' parameter.` */
const quotedParameter = new RegExp(`${quote}(client_id|redirect_uri)${quote}`, 'g');

function wrongParameterOf(page: string): WrongParameter | undefined {
  const text = page.slice(0, pageLimit).replaceAll(/<(script|style)\b[^<>]*>[^<]*<\/\1>/gi, ' ');
  const named = new Set([...text.matchAll(quotedParameter)].map(([, name]) => name));
  if (named.size !== 1) return undefined;
  return named.has('client_id') ? 'client_id' : 'redirect_uri';
}

/** Probes a redirect URI and, if it is not registered, the others for the first that is. Never rejects. */
export async function findRedirectUriStatus(
  http: HttpFetch,
  application: Application,
  [redirectUri, ...others]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<RedirectUriStatus> {
  const { registration, wrongParameter } = await probeRedirectUri(http, application, redirectUri, signal);
  if (registration !== 'notRegistered') return { redirectUri, registration };
  const answers = await Promise.all(
    others.map(async (other) => [other, await probeRedirectUri(http, application, other, signal)] as const),
  );
  const registered = answers.find(([, answer]) => answer.registration === 'registered')?.[0];
  if (registered !== undefined) return { redirectUri, registration, registered };
  const isSame = answers.every(([, answer]) => answer.wrongParameter === wrongParameter);
  return {
    redirectUri,
    registration,
    ...(isSame && wrongParameter !== undefined ? { wrongParameter } : {}),
  };
}

/** The redirect URI of an interaction, and the result of its probe, if any. */
export interface ChosenRedirect extends UsedRedirect {
  readonly path: string;
  readonly status?: RedirectUriStatus;
}

/** A port, and the application that needs a redirect URI on it. */
export interface RedirectChoice extends Omit<RedirectUriParts, 'ports'> {
  readonly application: Application;
  readonly allowedIssuers: readonly string[] | undefined;
  readonly port: number;
  /** The other registered ports, in the order to try. */
  readonly otherPorts: readonly number[];
  /** Whether the user has already trusted the issuer in this sign-in. */
  readonly isTrusted: boolean;
}

/**
 * Chooses the redirect URI for a port before the browser opens. If neither callbacks nor the domain distinguish the
 * issuer, prefers its own registered redirect URI, then the shared one if the policy or the user trusts the issuer.
 * @throws SignInError `cancelled` if the user does not trust the issuer, `registrationRefused` for an unknown client
 */
export async function chooseRedirect(
  { clock, http, user }: { readonly clock: Clock; readonly http: HttpFetch; readonly user: UserInteraction },
  { application, allowedIssuers, host, path: fixedPath, port, otherPorts, isTrusted }: RedirectChoice,
  signal: AbortSignal,
): Promise<ChosenRedirect> {
  const { issuer } = application.server;
  const shared = { uri: redirectUriAt(port, redirectPath, host), path: redirectPath };
  const defense = sharedDefense(application.server);
  if (defense !== undefined && fixedPath !== 'own') return { ...shared, defense };
  const path = await ownRedirectPath(issuer);
  const uriOf = (one: number): string => redirectUriAt(one, path, host);
  const own = { uri: uriOf(port), path, defense: 'ownRedirectUri' } as const;
  // A connection that names the issuer's own redirect URI vouches for its registration.
  if (fixedPath === 'own' || fixedPath === path) return own;
  const find = async (wanted: number, others: readonly number[]): Promise<RedirectUriStatus> => {
    using probing = withinProbeTimeout(clock, signal);
    const uris = [uriOf(wanted), ...others.map(uriOf)] as const;
    const found = await findRedirectUriStatus(http, application, uris, probing.signal);
    signal.throwIfAborted();
    return found;
  };
  const status = await find(port, []);
  if (status.wrongParameter === 'client_id') throw unknownClient(issuer);
  if (status.registration === 'registered') return { ...own, status };
  if (allowedIssuers?.includes(normalIssuer(issuer)) === true) return { ...shared, defense: 'policy' };
  const trusts = async (mayAsk: boolean): Promise<boolean> =>
    isTrusted || (await user.trustsIssuer?.({ issuer, ownRedirectUri: own.uri, mayAsk }, signal)) === true;
  if (await trusts(false)) return { ...shared, defense: 'confirmed' };
  const [next, ...others] = otherPorts;
  if (status.registration === 'notRegistered' && next !== undefined) {
    // Before asking the user, look for the issuer's own redirect URI on other ports.
    const elsewhere = await find(next, others);
    const isNext = elsewhere.registration === 'registered';
    const registered = isNext ? elsewhere.redirectUri : elsewhere.registered;
    if (registered !== undefined) return { ...own, status: { ...status, registered } };
  }
  if (await trusts(true)) return { ...shared, defense: 'confirmed' };
  throw new SignInError('cancelled', { operation: 'authorize', reason: 'issuerNotTrusted' });
}

function unknownClient(issuer: string): SignInError {
  const { host } = new URL(issuer);
  return new SignInError('registrationRefused', { operation: 'authorize', host, reason: 'unknownClient' });
}

/** How long a sign-in waits for its probes before the browser opens. */
export const probeTimeoutMilliseconds = 3000;

/** A signal that aborts with `signal`, at the end of the scope, or after {@link probeTimeoutMilliseconds}. */
function withinProbeTimeout(
  clock: Clock,
  signal: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const asking = abortedAtEnd(signal);
  clock.sleep(probeTimeoutMilliseconds, asking.signal).then(
    () => asking[Symbol.dispose](),
    () => undefined,
  );
  return asking;
}
