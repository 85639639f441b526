import * as client from 'openid-client';
import { abortedAtEnd, withTimeout } from '../oauth/abortable.ts';
import { awaitAuthorizationResponse, isAnswerTo, redirectPath } from '../oauth/userInteraction.ts';
import type {
  AlternativeAction,
  Callback,
  InteractionResult,
  UserInteraction,
} from '../oauth/userInteraction.ts';
import type { OpenIdConnection } from '../connection/connection.ts';
import type { OpenIdDialect } from '../oauth/errorMeanings.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt, meaningOf, OAuthErrorResponse } from '../oauth/errorResponse.ts';
import type { Clock, HttpFetch, Log } from '../ports.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import { safeText } from '../text/safeText.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { configurationOf } from './discovery.ts';
import { askForDemand, demandAtPage, demandOf } from './clientDemand.ts';
import type { AskedForDemand } from './clientDemand.ts';
import { tokenRequestError } from './requestErrors.ts';
import { orgServerIn } from './authorizationServerRecord.ts';
import type { AuthorizationServer, UsedRedirect } from './authorizationServerRecord.ts';
import {
  chooseRedirect,
  findRedirectUriStatus,
  patienceMilliseconds,
  redirectPlaceOf,
  redirectUriAt,
} from './redirectUri.ts';
import type { ChosenRedirect } from './redirectUri.ts';
import { asksForIdToken } from './idToken.ts';
import { readSignIn, tokenAnswer } from './token.ts';
import { defined } from '../defined.ts';

/** The redirect URI of a port that issuers share. */
export function redirectUriOf(port: number): string {
  return redirectUriAt(port, redirectPath);
}

interface AuthorizationCodePorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
  readonly log: Log;
  readonly loopback: LoopbackRedirect;
  readonly person: UserInteraction;
}

interface AuthorizationCodeRequest {
  readonly dialect: OpenIdDialect;
  readonly scopes: readonly string[];
  /** In the order they are tried. */
  readonly redirectPorts: readonly number[];
  /** As far as it is fixed: {@link redirectPlaceOf}. */
  readonly redirectUri?: string;
  readonly prompt?: 'login';
  /** Further ones of the authorization request, as the wire has them; never one of those that are made here. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of the organization's policy, where it names some. */
  readonly allowedIssuers?: readonly string[] | undefined;
}

/** What an authorization code brought, and by which redirect URI. */
export interface AuthorizationCodeGrant {
  readonly tokenSet: TokenSet;
  readonly redirect: UsedRedirect;
}

/** Where a code is asked for, and with what. */
export interface AuthorizationCodeOptions {
  readonly connection: OpenIdConnection;
  readonly server: AuthorizationServer;
  readonly request: AuthorizationCodeRequest;
}

/**
 * Authorization code with PKCE S256 and `state` over a loopback redirect (RFC 6749 4.1, RFC 7636, RFC 8252): one
 * request for the token, and beside it one that asks whether the redirect URI is registered. *Try the next port*
 * begins again with the next port; a choice of another flow is handed back.
 * @throws SignInError `policy`, `notAssigned`, `denied`, `scopeRefused`, `codeExpired` (no callback came),
 * `portsUnavailable`, `cancelled` (also by a person who does not trust the issuer), `invalidResponse` with `reason`
 * `mixUp` for another server's callback, `registrationRefused` or `requestRefused` with a `reason` of `clientDemand.ts`,
 * or as the transport fails
 */
export async function authorizationCodeGrant(
  ports: AuthorizationCodePorts,
  { connection, server, request }: AuthorizationCodeOptions,
  signal: AbortSignal,
): Promise<InteractionResult<AuthorizationCodeGrant>> {
  const place = redirectPlaceOf(request);
  let redirectPorts = place.ports;
  let isTrusted = false;
  for (;;) {
    await using listener = await ports.loopback.listen(redirectPorts, redirectPath);
    const left = portsAfter(place.ports, listener.port);
    const application = { server, clientId: connection.clientId, scopes: request.scopes };
    const at = { ...place, port: listener.port, left, isTrusted };
    const chosen = await chooseRedirect(
      ports,
      { application, allowedIssuers: request.allowedIssuers, choice: at },
      signal,
    );
    isTrusted = chosen.defense === 'confirmed';
    const others = left.map((port) => redirectUriAt(port, chosen.path, place.host));
    using turn = abortedAtEnd(signal);
    const finding =
      chosen.finding === undefined
        ? findRedirectUriStatus(ports.http, application, { redirectUri: chosen.uri, others }, turn.signal)
        : Promise.resolve(chosen.finding);
    const demand = await demandBefore(ports, { application, redirectUri: chosen.uri, finding }, signal);
    if (demand !== undefined) throw demand;
    const authorization = await prepare(ports.http, { connection, server, request, chosen }, signal);
    const outcome = await awaitAuthorizationResponse(
      ports,
      {
        listener,
        turn: {
          connectionName: connection.name,
          url: authorization.url,
          redirectUri: chosen.uri,
          alternatives: waysOf(server, left),
          belongs: authorization.belongs,
          finding,
        },
        exchange: async (callback, over) => {
          const sentAt = ports.clock.now();
          const answer = await authorization.exchange(callback, over);
          const { nonce } = authorization;
          const asked = { sentAt, scopes: request.scopes, ...defined({ nonce }) };
          const client = { server, clientId: connection.clientId, dialect: request.dialect };
          const tokenSet = await readSignIn(ports, client, { answer, asked }, over);
          const { uri, defense } = chosen;
          return { tokenSet, redirect: { uri, defense } };
        },
      },
      signal,
    );
    if ('done' in outcome || outcome.choice !== 'nextPort') return outcome;
    turn[Symbol.dispose](); // Who goes on to the next port does not wait for what is not known yet.
    const { registered } = await finding;
    const preferred = left.filter((_, index) => others[index] === registered);
    redirectPorts = [...new Set([...preferred, ...left])];
  }
}

/** What the server demands that this product does not have, as far as it says so before the browser opens. */
async function demandBefore(
  { clock, http }: AuthorizationCodePorts,
  { application, redirectUri, finding }: AskedForDemand,
  signal: AbortSignal,
): Promise<SignInError | undefined> {
  const { mayDemand = [] } = application.server;
  if (mayDemand.length === 0) return undefined;
  const limit = { clock, milliseconds: patienceMilliseconds, operation: 'authorize' };
  const ask = (over: AbortSignal) => askForDemand(http, { application, redirectUri, finding }, over);
  const demand = await withTimeout(limit, signal, ask).catch(() => undefined);
  signal.throwIfAborted();
  return demand;
}

function waysOf(server: AuthorizationServer, left: readonly number[]): AlternativeAction[] {
  return [
    ...(left.length > 0 ? (['nextPort'] as const) : []),
    ...(server.deviceAuthorizationEndpoint === undefined ? [] : (['deviceCode'] as const)),
  ];
}

/** The other ports, those behind `port` first: a second *Try the next port* goes on and does not come back at once. */
function portsAfter(all: readonly number[], port: number): readonly number[] {
  const index = all.indexOf(port);
  if (index < 0) return []; // Any port was taken: another brings nothing.
  return [...all.slice(index + 1), ...all.slice(0, index)];
}

/** What makes an authorization request. */
interface PreparedBy extends AuthorizationCodeOptions {
  readonly chosen: ChosenRedirect;
}

/** The address to open, which callbacks belong to it, and the exchange of its code. The verifier stays in here. */
async function prepare(
  http: HttpFetch,
  {
    connection: { clientId },
    server,
    request: { dialect, scopes, prompt, parameters = {} },
    chosen: { uri: redirectUri, path },
  }: PreparedBy,
  signal: AbortSignal,
) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  /** Ties the ID token to this request (OpenID Connect Core 1.0, 3.1.2.1). */
  const nonce = asksForIdToken(scopes) ? client.randomNonce() : undefined;
  const configuration = await configurationOf(http, { server, clientId }, signal);
  const url = client.buildAuthorizationUrl(configuration, {
    ...parameters,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...defined({ nonce, prompt }),
  });
  return {
    nonce,
    url: url.href.replaceAll('+', '%20'), // A `+` may reach the server as `%2B` through the editor's opener.
    /** Only our `state` shows that a callback answers this request (docs/ARCHITECTURE.md, rule 5). */
    belongs: (parameters: URLSearchParams): boolean => isAnswerTo(parameters, state),
    exchange: async (callback: Callback, over: AbortSignal): Promise<unknown> => {
      const { parameters } = callback;
      throwOnMixUp(callback, path, server);
      throwOnError(parameters, dialect, server, scopes);
      const currentUrl = new URL(`${redirectUri}?${parameters.toString()}`);
      try {
        const checks = { pkceCodeVerifier, expectedState: state };
        return await tokenAnswer(
          http,
          {
            server,
            clientId,
            send: (configuration) => client.authorizationCodeGrant(configuration, currentUrl, checks),
          },
          over,
        );
      } catch (error) {
        throw await exchangeError(error, dialect, server);
      }
    },
  };
}

/**
 * A callback with our `state` that another server sent: it has the `iss` of another, none where one was announced
 * (RFC 9207, 2.4), or it came to another issuer's redirect URI (RFC 9700, 4.4.2). Its code goes nowhere.
 */
function throwOnMixUp(
  { parameters, path: itsPath }: Callback,
  path: string,
  server: AuthorizationServer,
): void {
  const issuer = parameters.get('iss');
  const isOurs = issuer === null ? !server.issParameter : issuer === server.issuer;
  if (isOurs && itsPath === path) return;
  const input = safeText(issuer);
  throw new SignInError('invalidResponse', {
    operation: 'authorize',
    reason: 'mixUp',
    host: new URL(server.issuer).host,
    ...(isOurs || input === undefined ? {} : { input }),
  });
}

/** Okta's `error` in the redirect (RFC 6749, 4.1.2.1). */
function throwOnError(
  parameters: URLSearchParams,
  dialect: OpenIdDialect,
  server: AuthorizationServer,
  scopes: readonly string[],
): void {
  const error = parameters.get('error');
  if (error === null) {
    if (parameters.get('code')) return;
    throw new SignInError('invalidResponse', { operation: 'authorize', reason: 'noCode' });
  }
  const description = safeText(parameters.get('error_description'));
  const host = new URL(server.issuer).host;
  const details = {
    operation: 'authorize',
    host,
    scopes,
    ...defined({ description }),
    ...orgServerIn(server),
  };
  const refusal = new OAuthErrorResponse(error, details);
  throw demandAtPage(refusal) ?? meaningOf(refusal, { dialect, step: 'authorize' });
}

async function exchangeError(
  error: unknown,
  dialect: OpenIdDialect,
  server: AuthorizationServer,
): Promise<unknown> {
  const refusal = await tokenRequestError(error, 'token', new URL(server.tokenEndpoint).host);
  return demandOf(refusal, server) ?? errorAt({ dialect, step: 'codeExchange' }, refusal);
}
