import type { HttpFetch, RedirectFinding, RedirectRegistration } from '../ports.ts';
import { safeText } from '../safeText.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';

interface Application {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** What an authorization request without a person is answered. `error` is the redirect's, where it has one. */
export interface AuthorizationAnswer {
  readonly registration: RedirectRegistration;
  readonly error?: string;
  readonly description?: string;
}

/**
 * Asks whether a redirect URI is registered, without a person: the authorization request with `prompt=none` and
 * no cookies (OpenID Connect Core 1.0, 3.1.2.1). A redirect to our URI, with whatever error, shows that it is
 * registered; an error page that it is not (RFC 6749, 4.1.2.1 forbids the redirect then); anything else tells
 * nothing. Never rejects.
 */
export async function askAuthorization(
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
    state: crypto.randomUUID(),
    // RFC 7636, appendix B: a challenge whose verifier everybody knows; no code of this request is ever used.
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
        return { registration: 'notKnown' };
      const { searchParams } = new URL(location);
      const error = safeText(searchParams.get('error'));
      const description = safeText(searchParams.get('error_description'));
      return {
        registration: 'registered',
        ...(error === undefined ? {} : { error }),
        ...(description === undefined ? {} : { description }),
      };
    }
    return { registration: response.status === 400 ? 'notRegistered' : 'notKnown' };
  } catch {
    return { registration: 'notKnown' };
  }
}

async function askRegistration(
  ...request: Parameters<typeof askAuthorization>
): Promise<RedirectRegistration> {
  return (await askAuthorization(...request)).registration;
}

/** What is known of the chosen redirect URI; where it is not registered, the first of `others` that is. */
export async function findRegistration(
  http: HttpFetch,
  application: Application,
  redirectUri: string,
  others: readonly string[],
  signal: AbortSignal,
): Promise<RedirectFinding> {
  const registration = await askRegistration(http, application, redirectUri, signal);
  if (registration !== 'notRegistered') return { redirectUri, registration };
  const answers = await Promise.all(
    others.map(async (other) => [other, await askRegistration(http, application, other, signal)] as const),
  );
  const registered = answers.find(([, answer]) => answer === 'registered')?.[0];
  return { redirectUri, registration, ...(registered === undefined ? {} : { registered }) };
}
