import { defined } from '../defined.ts';
import { abortedAtEnd, withTimeout } from '../oauth/abortable.ts';
import { errorAt, errorInCallback, meaningOf } from '../oauth/errorResponse.ts';
import { SignInError } from '../oauth/errors.ts';
import type { GrantRequest } from '../oauth/flows.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import { createPkce, randomText } from '../oauth/pkce.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { awaitAuthorizationResponse, isResponseTo, redirectPath } from '../oauth/userInteraction.ts';
import type {
  AlternativeAction,
  Callback,
  InteractionResult,
  RedirectUriStatus,
  UserInteraction,
} from '../oauth/userInteraction.ts';
import { safeAddress, safeText } from '../text/safeText.ts';
import { orgServerReason } from './authorizationServerRecord.ts';
import type { AuthorizationServer, UsedRedirect } from './authorizationServerRecord.ts';
import { probeForDemand, demandAtPage, demandOf } from './clientDemand.ts';
import type { OidcClient } from './discovery.ts';
import { asksForIdToken } from './idToken.ts';
import {
  authorizationUrl,
  chooseRedirect,
  findRedirectUriStatus,
  probeTimeoutMilliseconds,
  redirectUriPartsOf,
  redirectUriAt,
} from './redirectUri.ts';
import type { ChosenRedirect } from './redirectUri.ts';
import { readSignIn, requestMembers } from './token.ts';
import type { ResponseMembers } from './token.ts';

/** The tokens of an authorization code, and the redirect URI that received it. */
export interface AuthorizationCodeGrant {
  readonly tokenSet: TokenSet;
  readonly redirect: UsedRedirect;
}

/** A client that can open the browser and prompt the user. */
export interface AuthorizationCodeClient extends OidcClient {
  readonly connectionName: string;
  readonly loopback: LoopbackRedirect;
  readonly user: UserInteraction;
}

/**
 * Authorization code with PKCE S256 and `state` over a loopback redirect (RFC 6749 4.1, RFC 7636, RFC 8252). Before the
 * browser opens, probes the redirect URI, and switches to a registered port if it is unregistered. *Try the next port*
 * starts over with the next port; a choice of another flow is returned.
 * @throws SignInError `policy`, `notAssigned`, `denied`, `scopeRefused`, `codeExpired` (no callback came),
 * `portsUnavailable`, `cancelled` (also for an untrusted issuer), `invalidResponse` with `reason` `mixUp` for another
 * server's callback, `registrationRefused` or `requestRefused` with a `reason` of `clientDemand.ts`, or as the
 * transport fails
 */
export async function authorizationCodeGrant(
  oidc: AuthorizationCodeClient,
  request: GrantRequest,
  signal: AbortSignal,
): Promise<InteractionResult<AuthorizationCodeGrant>> {
  const { server, clientId, loopback, connectionName } = oidc;
  const { scopes, allowedIssuers } = request;
  const parts = redirectUriPartsOf(request);
  let redirectPorts = parts.ports;
  let isTrusted = false;
  let hasSwitchedPort = false;
  for (;;) {
    await using listener = await loopback.listen(redirectPorts, redirectPath);
    const otherPorts = portsAfter(parts.ports, listener.port);
    const application = { server, clientId, scopes };
    const choice = { ...parts, application, allowedIssuers, port: listener.port, otherPorts, isTrusted };
    const chosen = await chooseRedirect(oidc, choice, signal);
    isTrusted = chosen.defense === 'confirmed';
    const { uri, defense } = chosen;
    const otherUris = otherPorts.map((port) => redirectUriAt(port, chosen.path, parts.host));
    using probing = abortedAtEnd(signal);
    const status =
      chosen.status === undefined
        ? findRedirectUriStatus(oidc.http, application, [uri, ...otherUris], probing.signal)
        : Promise.resolve(chosen.status);
    const demand = await findDemand(oidc, uri, status, signal);
    if (demand !== undefined) throw demand;
    const known = await resultWithin(oidc, probeWaitMilliseconds, signal, () => status);
    const better = otherPorts.find((_, index) => otherUris[index] === known?.registered);
    if (better !== undefined && !hasSwitchedPort) {
      hasSwitchedPort = true; // Only once: the registered port may be in use, and the next is as bad as this one.
      oidc.log.warn('The port isn’t registered', { port: listener.port, instead: better });
      redirectPorts = [...new Set([better, ...otherPorts, listener.port])];
      continue;
    }
    const authorization = await prepareAuthorization(oidc, request, chosen);
    const outcome = await awaitAuthorizationResponse(
      oidc,
      {
        listener,
        interaction: {
          connectionName,
          url: authorization.url,
          redirectUri: uri,
          alternatives: alternativesOf(server, otherPorts),
          accepts: authorization.accepts,
          redirectStatus: status,
          ...defined({ knownRedirectStatus: known }),
        },
        exchange: async (callback, over) => {
          const sentAt = oidc.clock.now();
          const members = await authorization.exchange(callback, over);
          const { nonce } = authorization;
          return {
            tokenSet: await readSignIn(oidc, { members, sentAt, scopes, nonce }, over),
            redirect: { uri, defense },
          };
        },
      },
      signal,
    );
    if ('done' in outcome || outcome.choice !== 'nextPort') return outcome;
    probing[Symbol.dispose](); // The next port does not wait for pending probes.
    const { registered } = await status;
    const preferred = otherPorts.filter((_, index) => otherUris[index] === registered);
    redirectPorts = [...new Set([...preferred, ...otherPorts])];
  }
}

/** A demand that this client cannot meet; undefined if no probe finds one in time. @throws the signal's reason */
async function findDemand(
  oidc: OidcClient,
  redirectUri: string,
  status: Promise<RedirectUriStatus>,
  signal: AbortSignal,
): Promise<SignInError | undefined> {
  if ((oidc.server.mayDemand ?? []).length === 0) return undefined;
  const ask = (over: AbortSignal) => probeForDemand(oidc, redirectUri, status, over);
  return resultWithin(oidc, probeTimeoutMilliseconds, signal, ask);
}

/** How long the browser waits for the probe of its redirect URI; a later result goes to the open prompt. */
const probeWaitMilliseconds = 1000;

/** The result of `work`; undefined if it fails or takes too long. @throws the signal's reason */
async function resultWithin<T>(
  { clock }: OidcClient,
  milliseconds: number,
  signal: AbortSignal,
  work: (over: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const limit = { clock, milliseconds, operation: 'authorize' };
  const result = await withTimeout(limit, signal, work).catch(() => undefined);
  signal.throwIfAborted();
  return result;
}

function alternativesOf(server: AuthorizationServer, otherPorts: readonly number[]): AlternativeAction[] {
  return [
    ...(otherPorts.length > 0 ? (['nextPort'] as const) : []),
    ...(server.deviceAuthorizationEndpoint === undefined ? [] : (['deviceCode'] as const)),
  ];
}

/** The other ports, starting after `port`, so that a second *Try the next port* moves on instead of back. */
function portsAfter(all: readonly number[], port: number): readonly number[] {
  const index = all.indexOf(port);
  if (index < 0) return []; // The request accepts any port, so another would not help.
  return [...all.slice(index + 1), ...all.slice(0, index)];
}

/** The URL to open, a check for its callbacks, and the exchange of its code. Hides the PKCE verifier. */
async function prepareAuthorization(
  oidc: OidcClient,
  { scopes, prompt, parameters = {} }: GrantRequest,
  { uri: redirectUri, path }: ChosenRedirect,
) {
  const { dialect, server, clientId } = oidc;
  const { verifier, challenge } = await createPkce();
  const state = randomText();
  /** Ties the ID token to this request (OpenID Connect Core 1.0, 3.1.2.1). */
  const nonce = asksForIdToken(scopes) ? randomText() : undefined;
  return {
    nonce,
    url: authorizationUrl({ server, clientId, scopes }, redirectUri, {
      ...parameters,
      state,
      code_challenge: challenge,
      ...defined({ nonce, prompt }),
    }),
    /** Only our `state` ties a callback to this request (docs/ARCHITECTURE.md, rule 5). */
    accepts: (parameters: URLSearchParams): boolean => isResponseTo(parameters, state),
    exchange: async (callback: Callback, over: AbortSignal): Promise<ResponseMembers> => {
      throwOnMixUp(callback, path, server);
      throwOnError(callback.parameters, oidc, scopes);
      const code = callback.parameters.get('code') ?? '';
      const form = {
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        code,
        code_verifier: verifier,
      };
      return requestMembers(oidc, 'token', form, over).catch((error: unknown) => {
        throw demandOf(error, server) ?? errorAt({ dialect, step: 'codeExchange' }, error);
      });
    },
  };
}

/**
 * Rejects a callback with our `state` from another server: its `iss` differs or is missing although announced (RFC
 * 9207, 2.4), or it arrived at another issuer's redirect URI (RFC 9700, 4.4.2). Its code is never sent.
 */
function throwOnMixUp(
  { parameters, path: itsPath }: Callback,
  path: string,
  server: AuthorizationServer,
): void {
  const issuer = parameters.get('iss');
  const isOurs = issuer === null ? !server.issParameter : issuer === server.issuer;
  if (isOurs && itsPath === path) return;
  const input = safeText(safeAddress(issuer));
  throw new SignInError('invalidResponse', {
    operation: 'authorize',
    reason: 'mixUp',
    host: new URL(server.issuer).host,
    ...(isOurs || input === undefined ? {} : { input }),
  });
}

function throwOnError(
  parameters: URLSearchParams,
  { dialect, server }: OidcClient,
  scopes: readonly string[],
): void {
  const { host } = new URL(server.issuer);
  const refusal = errorInCallback(parameters, { host, scopes, ...orgServerReason(server) });
  if (refusal !== undefined)
    throw demandAtPage(refusal) ?? meaningOf(refusal, { dialect, step: 'authorize' });
  // An implicit, hybrid or JWT-secured response was not requested.
  if (['id_token', 'token', 'response'].some((name) => parameters.has(name)))
    throw new SignInError('invalidResponse', { operation: 'authorize', host });
}
