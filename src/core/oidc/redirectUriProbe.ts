import type { HttpFetch } from '../ports.ts';
import type { RedirectUriStatus, RedirectRegistration, WrongParameter } from '../oauth/userInteraction.ts';
import { findSignInError } from '../oauth/errors.ts';
import type { SignInError } from '../oauth/errors.ts';
import { shownAddress } from '../text/webAddress.ts';
import { safeText } from '../text/safeText.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { defined } from '../defined.ts';

/** A registered client, and what it asks for. */
export interface Application {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** What an authorization request without a person is answered. `error` is the redirect's, where it has one. */
export interface AuthorizationAnswer {
  readonly registration: RedirectRegistration;
  readonly error?: string;
  readonly description?: string;
  /** The parameter that the error page names as the wrong one, where it names exactly one of the two. */
  readonly wrongParameter?: WrongParameter;
  /** Why there was no answer, where there was none: no network, a proxy, too many requests. */
  readonly failure?: SignInError;
  /** HTTP status of an answer that tells nothing. */
  readonly status?: number;
  /** Where an answer that tells nothing leads. */
  readonly redirectsTo?: string;
}

/** How the `state` of every probe begins, so that an administrator can tell one in a log. */
export const probeStatePrefix = 'developer-sign-in-check-';

/**
 * Asks whether a redirect URI is registered, without a person: the authorization request with `prompt=none` and
 * no cookies (OpenID Connect Core 1.0, 3.1.2.1). A redirect to our URI, with whatever error, shows that it is
 * registered; an error page that it is not (RFC 6749, 4.1.2.1 forbids the redirect then); anything else tells
 * nothing. Never rejects.
 */
export async function probeRedirectUri(
  http: HttpFetch,
  { server, clientId, scopes }: Application,
  redirectUri: string,
  signal: AbortSignal,
): Promise<AuthorizationAnswer> {
  const url = new URL(server.authorizationEndpoint);
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: `${probeStatePrefix}${crypto.randomUUID()}`,
    // RFC 7636, appendix B: a challenge whose verifier is public; no code of this request is ever used.
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    prompt: 'none',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  try {
    const response = await http(url.href, { method: 'GET', headers: { accept: 'text/html' }, signal });
    const location = response.headers.get('location') ?? '';
    if (response.status >= 300 && response.status < 400) {
      if (location !== redirectUri && !location.startsWith(`${redirectUri}?`))
        return { registration: 'notKnown', status: response.status, redirectsTo: shownAddress(location) };
      const { searchParams } = new URL(location);
      const error = safeText(searchParams.get('error'));
      const description = safeText(searchParams.get('error_description'));
      return {
        registration: 'registered',
        ...defined({ error, description }),
      };
    }
    if (response.status !== 400) return { registration: 'notKnown', status: response.status };
    const wrongParameter = wrongParameterOf(await response.text());
    return { registration: 'notRegistered', ...defined({ wrongParameter }) };
  } catch (error) {
    return { registration: 'notKnown', ...defined({ failure: findSignInError(error) }) };
  }
}

/** How much of an error page is looked at, in UTF-16 units. */
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

/** What is known of the chosen redirect URI; where it is not registered, the first of `others` that is. */
export async function findRedirectUriStatus(
  http: HttpFetch,
  application: Application,
  redirectUri: string,
  others: readonly string[],
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
