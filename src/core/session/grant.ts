import { connectionKey, scopesOf } from '../connection/connection.ts';
import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { Connection, ConnectionOptions, FlowName } from '../connection/connection.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { flowsFor, flowTable } from '../oauth/flows.ts';
import type { Host } from '../oauth/flows.ts';
import { endpointsOf, isSameService } from '../identityCenter/endpoints.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import {
  signInWithAuthorizationCodeAtIdentityCenter,
  signInWithDeviceCode,
} from '../identityCenter/signIn.ts';
import { refreshToken } from '../identityCenter/token.ts';
import { resolveConnection } from '../identityCenter/customStartUrl.ts';
import { signInWithAuthorizationCode } from '../oidc/authorizationCode.ts';
import type { AuthorizationCodeGrant } from '../oidc/authorizationCode.ts';
import { discover } from '../oidc/discovery.ts';
import { signInWithOktaDeviceCode } from '../oidc/deviceAuthorization.ts';
import { refreshOktaToken, revoke } from '../oidc/token.ts';
import { allowedFlows, checkAllowed, offering, templatesUnder } from '../../features/organizationPolicy.ts';
import type { OrganizationRules } from '../../features/organizationPolicy.ts';
import type { AwsCli } from '../../features/awsCli.ts';
import type { Clock, HttpFetch, IsSameOrganization, Log, SecretStore } from '../ports.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import type { SsoOidcAt } from '../identityCenter/ssoOidc.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import { accountOf, sessionId } from './account.ts';
import { authorizeParameters, bothFlows, planOf, wantedFlow } from './signInPlan.ts';
import type { Session } from './session.ts';

/** What it takes to speak with both kinds of identity provider. */
export interface GrantPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpFetch;
  readonly isSameOrganization: IsSameOrganization;
  readonly loopback: LoopbackRedirect;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
  /** Ends a portal session on the server; rejects when it was not confirmed. */
  readonly portalLogout: (portal: string, accessToken: string, signal: AbortSignal) => Promise<void>;
  /** The settings of the moment. */
  readonly settings: () => SignInSettings;
  /** The rules of the organisation at the moment. */
  readonly organisation: () => Promise<OrganizationRules>;
  /** Absent without an AWS CLI to share sessions with. */
  readonly awsCli?: AwsCli;
}

/** The settings that decide how a sign-in goes. */
export interface SignInSettings {
  readonly endpoints: EndpointTemplates;
  readonly redirectPorts: readonly number[];
  readonly identityCenterFlow: FlowName;
  readonly host: Host;
}

/**
 * What a sign-in is asked for: scopes beside those of its connection, where pseudo-scopes are left out, and other members
 * instead of those of its connection.
 */
export interface SignInRequest extends ConnectionOptions {
  /** Has the identity provider ask again, for another account. */
  readonly prompt?: 'login';
  /** The label of the account that is meant, for the person; not sent. */
  readonly account?: string;
  /**
   * The name of the account that is meant, as {@link Account.name}, where its tokens name no person: the name that a
   * person gave to a further account of the same connection.
   */
  readonly accountName?: string;
}

/**
 * Signs `person` in to a connection: a new grant as a session that is not stored yet. `others` are the sessions
 * of the same provider that there are already.
 * @throws SignInError `blockedByOrganization` where the organisation does not allow it, or as the flow of the connection
 */
export async function acquireTokens(
  ports: GrantPorts,
  given: Connection,
  request: SignInRequest,
  person: UserInteraction,
  others: readonly Session[],
  signal: AbortSignal,
): Promise<Session> {
  const settings = ports.settings();
  const rules = await ports.organisation();
  const connection = await resolveConnection(ports.http, given, signal);
  checkAllowed(rules, connection);
  const plan = planOf(connection, request, settings);
  const { scopes, redirectPorts } = plan;
  ports.log.info('Signing in', { connection: connectionKey(connection), scopes });
  const identify = async (tokenSet: TokenSet) => {
    const taken = others.map((other) => other.account);
    const account = accountOf(connection, tokenSet, taken, request.accountName);
    const key = connectionKey(connection);
    const before = others.find(
      (other) => other.account.id === account.id && connectionKey(other.connection) === key,
    );
    const id = before?.id ?? (await sessionId(key, account.id)); // A migrated session keeps the ID of its record.
    return { id, account, tokenSet, signedInAt: tokenSet.obtainedAt, requestedScopes: scopes };
  };
  const chosen = wantedFlow(connection, request, settings);
  /** The flows there are, and the person who is told what this host, this server and the organisation make of them. */
  const flowsAmong = (wanted: FlowName | undefined, offered: readonly FlowName[]) => {
    const possible = flowsFor(settings.host, connection.type, wanted, offered);
    const flows = allowedFlows(rules, possible);
    const knowing = personKnowing(offering(person, flows), settings.host, wanted, possible);
    return { flows, all: { ...ports, person: knowing } };
  };
  if (connection.type === 'identityCenter') {
    const endpoints = endpointsOf(
      connection.region,
      templatesUnder(rules, settings.endpoints),
      connection.startUrl,
    );
    const { flows, all } = flowsAmong(chosen, bothFlows);
    const { tokenSet, registration } = await runFlows(flows, all.person, signal, (flow, otherFlow) =>
      (flow === 'deviceCode' ? signInWithDeviceCode : signInWithAuthorizationCodeAtIdentityCenter)(
        all,
        connection,
        { scopes, endpoints, ...(otherFlow === undefined ? {} : { otherFlow }) },
        signal,
      ),
    );
    return { type: 'identityCenter', ...(await identify(tokenSet)), connection, endpoints, registration };
  }
  const server = await discover(ports, connection.issuer, signal);
  const offered = server.deviceAuthorizationEndpoint === undefined ? bothFlows.slice(0, 1) : bothFlows;
  const prompt = request.prompt === undefined ? {} : { prompt: request.prompt };
  const { flows, all } = flowsAmong(chosen, offered);
  const { allowedIssuers } = rules.policy;
  let ways = all;
  const { tokenSet, ...redirect } = await runFlows<OktaGrant>(flows, all.person, signal, async (flow) => {
    if (flow === 'authorizationCode') {
      const parameters = authorizeParameters(connection.type, plan);
      const code = { scopes, redirectPorts, parameters, allowedIssuers, ...prompt };
      return signInWithAuthorizationCode(ways, connection, server, code, signal);
    }
    try {
      const outcome = await signInWithOktaDeviceCode(all, connection, server, scopes, signal);
      return 'done' in outcome ? { done: { tokenSet: outcome.done } } : outcome;
    } catch (error) {
      if (!lacksDeviceGrant(error) || !flows.includes('authorizationCode')) throw error;
      ports.log.warn('The application lacks the device grant', { connection: connectionKey(connection) });
      ways = { ...all, person: withoutDeviceGrant(all.person) };
      return { choice: 'authorizationCode' };
    }
  });
  return { type: 'okta', ...(await identify(tokenSet)), ...redirect, connection, server };
}

/** A grant at Okta; only an authorization code comes by a redirect URI. */
type OktaGrant = Pick<AuthorizationCodeGrant, 'tokenSet'> & Partial<AuthorizationCodeGrant>;

/**
 * Whether a device authorization was refused as a whole: the server announces the grant, and this application or
 * organization does not have it. A client that is not known is refused so too, and told by the other flow.
 */
function lacksDeviceGrant(error: unknown): boolean {
  const { kind, details = {} } = findSignInError(error) ?? {};
  if (kind === 'noFlow') return details.reason === 'deviceGrant';
  if (details.operation !== 'deviceAuthorize') return false;
  const isAbsent = details.status === 404 || details.status === 405;
  return kind === 'registrationRefused' || (kind === 'invalidResponse' && isAbsent);
}

/** A person who is told why a device code is missing, and not offered one again. */
function withoutDeviceGrant(person: UserInteraction): UserInteraction {
  return {
    ...person,
    prompt: (turn, signal) => {
      const alternatives = turn.alternatives.filter((way) => way !== 'deviceCode');
      return person.prompt({ ...turn, alternatives, missingGrant: 'deviceCode' }, signal);
    },
  };
}

/** A person who is also told what this host and this server make of a turn (`flows.ts`). */
function personKnowing(
  person: UserInteraction,
  host: Host,
  wanted: FlowName | undefined,
  flows: readonly FlowName[],
): UserInteraction {
  const details = {
    loopbackSupport: flowTable[host].loopback,
    ...(wanted === undefined || flows.includes(wanted) ? {} : { fallbackFrom: wanted }),
  };
  return {
    prompt: (turn, signal) => person.prompt({ ...turn, ...details }, signal),
    confirmRetry: async (signal) => (await person.confirmRetry?.(signal)) ?? false,
    trustsIssuer: async (question, signal) => (await person.trustsIssuer?.(question, signal)) ?? false,
  };
}

/**
 * Runs the first flow; another one only when the person chose it while the browser had the turn, and the same one again
 * when its code or link ran out and the person wants a new one.
 */
async function runFlows<T>(
  flows: readonly FlowName[],
  person: UserInteraction,
  signal: AbortSignal,
  run: (flow: FlowName, otherFlow: FlowName | undefined) => Promise<InteractionResult<T>>,
): Promise<T> {
  let flow = flows[0];
  while (flow !== undefined) {
    const current = flow;
    const otherFlow = flows.find((other) => other !== current);
    const outcome = await run(current, otherFlow).catch(async (error: unknown) => {
      const meaning = findSignInError(error);
      if (meaning?.kind === 'portsUnavailable' && otherFlow !== undefined) {
        throw new SignInError(meaning.kind, { ...meaning.details, reason: 'otherFlow' }, error);
      }
      // A code that the server refused was used: that is told, and not that the browser did not come back.
      const hasRunOut = meaning?.kind === 'codeExpired' && meaning.details.reason !== 'codeRefused';
      const isAnother = hasRunOut && (await person.confirmRetry?.(signal)) === true;
      if (!isAnother) throw error;
      return { choice: current };
    });
    if ('done' in outcome) return outcome.done;
    const { choice } = outcome;
    flow = choice === 'nextPort' ? current : flows.find((other) => other === choice);
  }
  throw new SignInError('noFlow', { operation: 'flow' });
}

/**
 * One refresh of a session's tokens, only where they were issued (docs/ARCHITECTURE.md, rule 6).
 * @throws SignInError `signInNeeded` without a refresh token, `connectionChanged` when the settings name other
 * endpoints than the session's, `grantRevoked`, `registrationRefused`, or as the
 * transport fails
 */
export async function refreshTokens(
  ports: GrantPorts,
  session: Session,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { refreshToken: token } = session.tokenSet;
  if (token === undefined)
    throw new SignInError('signInNeeded', { operation: 'refresh', reason: 'noRefreshToken' });
  const before = { ...session.tokenSet, refreshToken: token };
  if (session.type === 'okta') {
    const { server, connection, requestedScopes = scopesOf(connection) } = session;
    return refreshOktaToken(
      ports,
      { server, clientId: connection.clientId },
      before,
      requestedScopes,
      signal,
    );
  }
  const { region, startUrl } = session.connection;
  const templates = templatesUnder(await ports.organisation(), ports.settings().endpoints);
  if (!isSameService(endpointsOf(region, templates, startUrl).oidc, session.endpoints.oidc)) {
    throw new SignInError('connectionChanged', {
      operation: 'refresh',
      host: new URL(session.endpoints.oidc).host,
    });
  }
  const oidc = ports.ssoOidcAt({ region, url: session.endpoints.oidc });
  return refreshToken(ports.clock, oidc, session.registration, before, signal);
}

/**
 * Ends a session's grant on the server: revocation at Okta, the portal's logout at Identity Center.
 * @throws SignInError when the server did not confirm it
 */
export async function revokeTokens(ports: GrantPorts, session: Session, signal: AbortSignal): Promise<void> {
  if (session.type === 'okta') {
    await revoke(ports.http, session.server, session.connection.clientId, session.tokenSet, signal);
  } else {
    await ports.portalLogout(session.endpoints.portal, session.tokenSet.accessToken, signal);
  }
}
