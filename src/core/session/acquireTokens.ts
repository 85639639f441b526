import { connectionKey, isMap, isPseudoScope, scopesOf, typeOf, valueOf } from '../connection/connection.ts';
import type { Connection, ConnectionOptions, FieldValue } from '../connection/connection.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import { defined } from '../defined.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { flowsFor } from '../oauth/flows.ts';
import type { FlowName, GrantRequest, HostFlows } from '../oauth/flows.ts';
import type { RefreshedTokens } from '../oauth/tokenSet.ts';
import type { InteractionRequest, UserInteraction } from '../oauth/userInteraction.ts';
import { providerOf } from '../providers/index.ts';
import type { Attempt, Granted, Issuance, ProviderPorts } from '../providers/provider.ts';
import { accountOf, sessionId } from './account.ts';
import type { Session } from './session.ts';
import type { SignInPolicy } from './signInPolicy.ts';
import { fieldsOf } from '../connection/connectionFields.ts';
import type { ConnectionType } from '../connection/connectionFields.ts';

/** Ports for sign-in, refresh and sign-out. */
export interface GrantPorts extends Omit<ProviderPorts, 'endpoints'> {
  readonly settings: () => SignInSettings;
  readonly policy: () => Promise<SignInPolicy>;
  /** Replaces a company's custom start URL with the AWS one that it redirects to. @throws SignInError */
  readonly resolve: (connection: Connection, signal: AbortSignal) => Promise<Connection>;
}

/** The settings that control a sign-in. */
export interface SignInSettings {
  readonly endpoints: EndpointTemplates;
  readonly redirectPorts: readonly number[];
  readonly identityCenterFlow: FlowName;
  readonly host: HostFlows;
}

/** Scopes in addition to the connection's, and other members in place of the connection's. */
export interface SignInRequest extends ConnectionOptions {
  /** Makes the identity provider ask the user to sign in again, for another account. */
  readonly prompt?: 'login';
  /** The label of the intended account, for display; not sent. */
  readonly account?: string;
  /** The {@link Account.name} entered for an additional account, if the tokens do not identify the person. */
  readonly accountName?: string;
  /** Whether the user replaces an account, maybe with another person's: permissions of programs do not carry over. */
  readonly replacesAccount?: true;
}

/** A sign-in with the prompts of `user`; `others` are the existing sessions of the same provider. */
interface Acquisition {
  readonly connection: Connection;
  readonly request: SignInRequest;
  readonly user: UserInteraction;
  readonly others: readonly Session[];
}

/**
 * Signs the user in to a connection, and returns the new tokens as a session that is not stored yet.
 * @throws SignInError `blockedByOrganization` if the organization forbids it, or as the connection's flow
 */
export async function acquireTokens(
  ports: GrantPorts,
  { connection: given, request, user, others }: Acquisition,
  signal: AbortSignal,
): Promise<Session> {
  const settings = ports.settings();
  const policy = await ports.policy();
  const connection = await ports.resolve(given, signal);
  const key = connectionKey(connection);
  policy.check(connection);
  const plan = planOf(connection, request, settings);
  const { scopes, redirectPorts } = plan;
  ports.log.info('Signing in', { connection: key, scopes });
  const grantRequest: GrantRequest = {
    ...defined({
      redirectUri: plan.redirectUri,
      prompt: request.prompt,
      allowedIssuers: policy.allowedIssuers,
    }),
    ...{ scopes, redirectPorts, parameters: authorizeParameters(connection.type, plan) },
  };
  const attempt = await providerOf(connection).begin(providerPorts(ports), connection, grantRequest, signal);
  const wanted = wantedFlow(connection, request, settings);
  const possible = flowsFor(settings.host, typeOf(connection).flowStyle, wanted, attempt.offered);
  const flows = policy.flows(possible);
  const details = {
    loopbackSupport: settings.host.loopback,
    ...(wanted === undefined || possible.includes(wanted) ? {} : { fallbackFrom: wanted }),
  };
  const granted = await runFlows(attempt, { user, details, flows }, signal);
  const taken = others.map((other) => other.account);
  const account = accountOf(connection, granted.tokenSet, taken, request.accountName);
  const before = others.find(
    (other) => other.account.id === account.id && connectionKey(other.connection) === key,
  );
  const id = before?.id ?? (await sessionId(key, account.id)); // A migrated session keeps the ID of its record.
  return { ...granted, id, account, signedInAt: granted.tokenSet.obtainedAt, requestedScopes: scopes };
}

/** The user interaction, the flows to offer, and the details for each of its prompts. */
interface FlowRun {
  readonly user: UserInteraction;
  readonly flows: readonly FlowName[];
  readonly details: Pick<InteractionRequest, 'loopbackSupport' | 'fallbackFrom' | 'missingGrant'>;
}

/** Adds the details to each prompt, and offers only these flows and `nextPort`. */
function withRequestDetails({ user, details, flows }: FlowRun): UserInteraction {
  return {
    prompt: (request, signal) => {
      const alternatives = request.alternatives.filter((way) => way === 'nextPort' || flows.includes(way));
      return user.prompt({ ...request, ...details, alternatives }, signal);
    },
    confirmRetry: async (signal) => (await user.confirmRetry?.(signal)) ?? false,
    trustsIssuer: async (question, signal) => (await user.trustsIssuer?.(question, signal)) ?? false,
  };
}

/**
 * Runs the first flow. Switches to another if the user chooses it, or if the application lacks the device
 * grant. Repeats a flow on the next port, or with a new code or link, at the user's request.
 */
async function runFlows(
  attempt: Attempt<Issuance>,
  given: FlowRun,
  signal: AbortSignal,
): Promise<Granted<Issuance>> {
  let run = given;
  let flow = run.flows[0];
  while (flow !== undefined) {
    const current = flow;
    const otherFlow = run.flows.find((other) => other !== current);
    const user = withRequestDetails(run);
    const outcome = await attempt.run(current, { user, otherFlow }, signal).catch(async (error: unknown) => {
      const meaning = findSignInError(error);
      if (meaning?.kind === 'portsUnavailable' && otherFlow !== undefined)
        throw new SignInError(meaning.kind, { ...meaning.details, reason: 'otherFlow' }, error);
      // A code that the server refused was used: report that, instead of a browser that did not return.
      const hasRunOut = meaning?.kind === 'codeExpired' && meaning.details.reason !== 'codeRefused';
      if (!hasRunOut || (await user.confirmRetry?.(signal)) !== true) throw error;
      return { choice: current };
    });
    if ('done' in outcome) return outcome.done;
    if ('missingGrant' in outcome) {
      const { missingGrant } = outcome;
      const flows = run.flows.filter((other) => other !== missingGrant);
      run = { ...run, flows, details: { ...run.details, missingGrant } };
      flow = otherFlow;
    } else if (outcome.choice === 'nextPort') flow = current;
    else flow = run.flows.find((other) => other === outcome.choice);
  }
  throw new SignInError('noFlow', { operation: 'flow' });
}

/**
 * Refreshes a session's tokens once, only where they were issued (docs/ARCHITECTURE.md, rule 6).
 * @throws SignInError `signInNeeded` without a refresh token, or as the provider
 */
export async function refreshTokens(
  ports: GrantPorts,
  session: Session,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { refreshToken } = session.tokenSet;
  if (refreshToken === undefined)
    throw new SignInError('signInNeeded', { operation: 'refresh', reason: 'noRefreshToken' });
  return providerOf(session).refresh(providerPorts(ports), session, refreshToken, signal);
}

/**
 * Ends a session's grant on the server.
 * @throws SignInError if the server does not confirm it
 */
export async function revokeTokens(ports: GrantPorts, session: Session, signal: AbortSignal): Promise<void> {
  await providerOf(session).revoke(providerPorts(ports), session, signal);
}

/** Deletes a signed-out session's secrets that are not in its record. @throws as SecretStorage fails */
export async function forgetClient(ports: GrantPorts, session: Session): Promise<void> {
  await providerOf(session).forgetClient?.(ports, session);
}

function providerPorts(ports: GrantPorts): ProviderPorts {
  return { ...ports, endpoints: async () => (await ports.policy()).endpoints(ports.settings().endpoints) };
}

/** A sign-in as a prompt shows it and as it is sent. */
export interface SignInPlan extends Pick<GrantRequest, 'scopes' | 'redirectPorts' | 'redirectUri'> {
  /** The first flow, if the server offers it. */
  readonly flow: FlowName;
  /** Members sent as authorization request parameters, by name. */
  readonly sent: Readonly<Record<string, FieldValue>>;
  /** Whether the identity provider asks the user to sign in again. */
  readonly asksAgain: boolean;
}

const bothFlows: readonly FlowName[] = ['authorizationCode', 'deviceCode'];

/** The preferred flow, even if this host lacks it: the request's, the connection's, or the setting's. */
function wantedFlow(
  connection: Connection,
  request: SignInRequest,
  settings: Pick<SignInSettings, 'identityCenterFlow'>,
): FlowName | undefined {
  const { flowSetting } = typeOf(connection);
  return request.flow ?? connection.flow ?? (flowSetting && settings[flowSetting]);
}

/** Plans a sign-in. Its scopes are the connection's and the request's, without duplicates or pseudo-scopes. */
export function planOf(connection: Connection, request: SignInRequest, settings: SignInSettings): SignInPlan {
  const scopes = [...scopesOf(connection), ...(request.scopes ?? [])].filter(
    (scope) => !isPseudoScope(scope),
  );
  const { flowStyle, redirectPorts: portsOf } = typeOf(connection);
  const wanted = wantedFlow(connection, request, settings);
  return {
    scopes: [...new Set(scopes)],
    flow: flowsFor(settings.host, flowStyle, wanted, bothFlows)[0] ?? 'deviceCode',
    redirectPorts:
      portsOf === undefined ? [] : (request.redirectPorts ?? portsOf(connection) ?? settings.redirectPorts),
    ...defined({ redirectUri: request.redirectUri ?? ownRedirectUri(connection, request) }),
    sent: sentMembers(connection, request),
    asksAgain: request.prompt !== undefined,
  };
}

/** The connection's redirect URI, unless the request names ports to try. */
function ownRedirectUri(connection: Connection, { redirectPorts }: SignInRequest): string | undefined {
  const value = redirectPorts === undefined ? valueOf(connection, 'redirectUri') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The request's members, or else the connection's, without personal ones when switching accounts. */
function sentMembers(connection: Connection, request: SignInRequest): Readonly<Record<string, FieldValue>> {
  const requested = new Map<string, FieldValue>(Object.entries(request));
  return Object.fromEntries(
    fieldsOf(connection.type).flatMap((field) => {
      if (field.sentAs === undefined && field.kind !== 'map') return [];
      const isOthers = field.isPersonal === true && request.prompt !== undefined;
      const value = requested.get(field.name) ?? (isOthers ? undefined : valueOf(connection, field.name));
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/** The parameters of an authorization request (RFC 6749, 3.1) for a plan's members. */
export function authorizeParameters(
  type: ConnectionType,
  { sent }: SignInPlan,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fieldsOf(type).flatMap(({ name, sentAs }) => {
      const value = sent[name];
      if (value === undefined) return [];
      if (isMap(value)) return Object.entries(value);
      return sentAs === undefined || typeof value !== 'string' ? [] : [[sentAs, value] as const];
    }),
  );
}
