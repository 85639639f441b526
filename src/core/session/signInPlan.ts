import { isPseudoScope, scopesOf, typeOf, valueOf } from '../connection/connection.ts';
import type { Connection, FieldValue } from '../connection/connection.ts';
import type { FlowName } from '../oauth/flows.ts';
import { fieldsOf } from '../connection/connectionFields.ts';
import type { ConnectionType } from '../connection/connectionFields.ts';
import { defined } from '../defined.ts';
import { isMap, textOfValue } from '../connection/fieldValues.ts';
import { flowsFor } from '../oauth/flows.ts';
import type { SignInRequest, SignInSettings } from './acquireTokens.ts';

/** What a sign-in will ask the server for: what a question about it shows, and what is then sent. */
export interface SignInPlan {
  /** The connection's own and the requested ones, each once, without pseudo-scopes. */
  readonly scopes: readonly string[];
  /** The flow to begin with, where the server offers it. */
  readonly flow: FlowName;
  /** The loopback ports to try, in this order, where the connection has registered ones. */
  readonly redirectPorts: readonly number[];
  /** Where the code comes back, as far as the connection or the request fixes it; then no port is tried. */
  readonly redirectUri?: string;
  /** Further members that the authorization request has as parameters, by their names. */
  readonly sent: Readonly<Record<string, FieldValue>>;
  /** Whether the person has to sign in again at the identity provider. */
  readonly asksAgain: boolean;
}

/** The flows that a server may offer. */
const bothFlows: readonly FlowName[] = ['authorizationCode', 'deviceCode'];

/** The flow that is wanted, whether or not this host has it: the request's, the connection's, or the setting's. */
export function wantedFlow(
  connection: Connection,
  request: SignInRequest,
  settings: Pick<SignInSettings, 'identityCenterFlow'>,
): FlowName | undefined {
  const { flowSetting } = typeOf(connection);
  return request.flow ?? connection.flow ?? (flowSetting && settings[flowSetting]);
}

/** What a sign-in to this connection with this request asks for. */
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

/** The connection's own, unless the request names ports to try. */
function ownRedirectUri(connection: Connection, { redirectPorts }: SignInRequest): string | undefined {
  const value = redirectPorts === undefined ? valueOf(connection, 'redirectUri') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The request's own, or the connection's: but no other person's where another account is meant. */
function sentMembers(connection: Connection, request: SignInRequest): Readonly<Record<string, FieldValue>> {
  const wishes = new Map<string, FieldValue>(Object.entries(request));
  return Object.fromEntries(
    fieldsOf(connection.type).flatMap((field) => {
      if (field.sentAs === undefined && field.kind !== 'map') return [];
      const isOthers = field.isPersonal === true && request.prompt !== undefined;
      const value = wishes.get(field.name) ?? (isOthers ? undefined : valueOf(connection, field.name));
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/** The parameters of an authorization request (RFC 6749, 3.1) that members stand for. */
export function authorizeParameters(
  type: ConnectionType,
  { sent }: SignInPlan,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fieldsOf(type).flatMap(({ name, sentAs }) => {
      const value = sent[name];
      if (value === undefined) return [];
      if (isMap(value)) return Object.entries(value);
      return sentAs === undefined ? [] : [[sentAs, textOfValue(value)] as const];
    }),
  );
}

/** The scopes of a request that its connection does not ask for by itself. */
export function scopesBeyond(connection: Connection, request: SignInRequest): readonly string[] {
  const own = scopesOf(connection);
  const asked = [...new Set(request.scopes ?? [])];
  return asked.filter((scope) => !isPseudoScope(scope) && !own.includes(scope));
}

/** Whether a plan asks for anything that the other one does not. */
export function goesBeyond(plan: SignInPlan, other: SignInPlan): boolean {
  return (
    plan.scopes.some((scope) => !other.scopes.includes(scope)) ||
    plan.flow !== other.flow ||
    plan.redirectPorts.some((port) => !other.redirectPorts.includes(port)) ||
    plan.redirectUri !== other.redirectUri ||
    Object.entries(plan.sent).some(([name, value]) => !isSame(value, other.sent[name])) ||
    (plan.asksAgain && !other.asksAgain)
  );
}

function isSame(value: FieldValue, other: FieldValue | undefined): boolean {
  return other !== undefined && textOfValue(value) === textOfValue(other);
}
