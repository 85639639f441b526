import { whileBrowserHasTheTurn } from '../browserTurn.ts';
import type { OktaConnection } from '../connection.ts';
import { SignInError } from '../errors.ts';
import type { SignInErrorKind } from '../errors.ts';
import { OAuthRefusal, refusalToError } from '../oauthRefusal.ts';
import type { Clock, HttpFetch, LoopbackRedirect, Person } from '../ports.ts';
import { safeText } from '../safeText.ts';
import type { TokenSet } from '../tokenSet.ts';
import { configurationOf, discover, tokenRequestError } from './authorizationServer.ts';
import type { AuthorizationServer } from './authorizationServer.ts';
import { readTokenResponse } from './token.ts';

/** The path of every redirect URI; the ports are registered with the application. */
export const redirectPath = '/oauth/callback';

/** The redirect URI of a port, byte for byte as Okta compares it: `localhost`, never 127.0.0.1. */
export function redirectUriOf(port: number): string {
  return `http://localhost:${port}${redirectPath}`;
}

/** How long the browser may have the turn. */
const turnMilliseconds = 10 * 60 * 1000;

interface AuthorizationCodePorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  readonly loopback: LoopbackRedirect;
  readonly person: Person;
}

/** What came of it: the tokens and the server that issued them. */
export interface OktaSignIn {
  readonly tokenSet: TokenSet;
  readonly server: AuthorizationServer;
}

/**
 * Authorization code with PKCE S256 and `state` over a loopback redirect (RFC 6749 4.1, RFC 7636, RFC 8252):
 * two requests, one for the metadata and one for the token.
 * @throws SignInError `policy`, `notAssigned`, `denied`, `scopeRefused`, `codeExpired` (nobody came back),
 * `portsUnavailable`, `cancelled`, as {@link discover}, or as the transport fails
 */
export async function signInWithAuthorizationCode(
  ports: AuthorizationCodePorts,
  connection: OktaConnection,
  request: {
    readonly scopes: readonly string[];
    readonly redirectPorts: readonly number[];
    readonly prompt?: 'login';
  },
  signal: AbortSignal,
): Promise<OktaSignIn> {
  const { clock, http } = ports;
  const server = await discover(http, connection.issuer, signal);
  const client = await import('openid-client');
  await using listener = await ports.loopback.listen(request.redirectPorts, redirectPath);
  const redirectUri = redirectUriOf(listener.port);
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const configuration = await configurationOf(http, server, connection.clientId, signal);
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: request.scopes.join(' '),
    state,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...(request.prompt === undefined ? {} : { prompt: request.prompt }),
  });
  const turn = {
    connectionName: connection.name,
    url: url.href.replaceAll('+', '%20'), // A `+` may reach the server as `%2B` through the editor's opener.
    expiresAt: clock.now() + turnMilliseconds,
  };
  return await whileBrowserHasTheTurn(ports.person, turn, signal, async (over) => {
    const callback = await Promise.race([
      listener.callback((parameters) => belongs(parameters, state, server), over),
      clock.sleep(turnMilliseconds, over).then(() => {
        throw new SignInError('codeExpired', { operation: 'authorize' });
      }),
    ]);
    try {
      const { parameters } = callback;
      throwOnError(parameters, server);
      const currentUrl = new URL(`${redirectUri}?${parameters.toString()}`);
      // By the turn's own signal: who gives up now does not wait for the token endpoint.
      const token = await configurationOf(http, server, connection.clientId, over);
      const answer = await client
        .authorizationCodeGrant(token, currentUrl, {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
        })
        .catch(async (error: unknown) => {
          throw await meaningOf(error, server);
        });
      const tokenSet = readTokenResponse(answer, clock.now(), request.scopes);
      await callback.answer('signedIn');
      return { tokenSet, server };
    } catch (error) {
      await callback.answer('failed');
      throw error;
    }
  });
}

/** A callback counts only with our `state`, no parameter twice (RFC 6749, 3.1), and the right `iss` where there is one (DESIGN.md, rule 5; RFC 9207). */
function belongs(parameters: URLSearchParams, state: string, server: AuthorizationServer): boolean {
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length || parameters.get('state') !== state) return false;
  const issuer = parameters.get('iss');
  return issuer === null ? !server.issParameter : issuer === server.issuer;
}

/** Okta's `error` in the redirect (RFC 6749, 4.1.2.1); its description tells a policy from a missing assignment. */
function throwOnError(parameters: URLSearchParams, server: AuthorizationServer): void {
  const error = parameters.get('error');
  if (error === null) return;
  const description = safeText(parameters.get('error_description'));
  const host = new URL(server.issuer).host;
  const facts = { operation: 'authorize', host, ...(description === undefined ? {} : { description }) };
  throw refusalToError(new OAuthRefusal(error, facts), { access_denied: accessDenied(description) });
}

function accessDenied(description: string | undefined): SignInErrorKind {
  if (description?.startsWith('Policy evaluation failed') === true) return 'policy';
  if (description?.includes('not assigned') === true) return 'notAssigned';
  return 'denied';
}

async function meaningOf(error: unknown, server: AuthorizationServer): Promise<Error> {
  const meaning = await tokenRequestError(error, 'token', new URL(server.tokenEndpoint).host);
  // The code was refused, not a session: it is spent, too old, or its verifier does not fit.
  return meaning instanceof OAuthRefusal
    ? refusalToError(meaning, { invalid_grant: 'codeExpired' })
    : meaning;
}
