import * as v from 'valibot';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { fieldsOf, scopesSchema } from '../../core/connection/connectionFields.ts';
import type { ConnectionType } from '../../core/connection/connectionFields.ts';
import {
  connectionSchema,
  normalConnection,
  placeSchema,
  requestSchema,
} from '../../core/connection/connectionSchema.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import type { SignInRequest } from '../../core/session/grant.ts';
import { askConnection } from './askConnection.ts';
import { builderIdConnection } from '../providers/builderId.ts';
import type { SignInCommand } from '../providers/registration.ts';
import { confirmRequest } from './confirm.ts';
import type { ShellContext } from '../context.ts';

const argumentsSchema = v.object({
  ...placeSchema.entries,
  ...requestSchema.entries,
  // A program may have none to add.
  scopes: v.exactOptional(v.union([v.strictTuple([]), scopesSchema])),
});
type Arguments = v.InferOutput<typeof argumentsSchema>;

/** What a command is to sign in to. */
export interface ChosenSignIn {
  readonly connection: Connection;
  readonly request: SignInRequest;
  /** Whether the connection is the arguments' own: it belongs to the request, and is not written into the settings. */
  readonly isOfArguments: boolean;
}

/**
 * The sign-in that the arguments of a command mean; what they leave out is asked. What they ask for beyond a configured
 * connection is shown and confirmed before anything is sent: a link in a document can carry a command.
 * @throws SignInError `cancelled`, or `invalidInput`
 */
export async function signInOfArguments(
  context: ShellContext,
  command: SignInCommand,
  given: object,
): Promise<ChosenSignIn> {
  const parsed = v.safeParse(argumentsSchema, given);
  if (!parsed.success) {
    const input = v.getDotPath(parsed.issues[0]) ?? 'arguments';
    throw new SignInError('invalidInput', { operation: 'arguments', input });
  }
  const type = command === 'builderId' ? 'identityCenter' : command;
  const request = requestOf(type, parsed.output);
  const configured = await context.connections();
  const named = connectionFrom(configured, command, parsed.output);
  const connection = named ?? (await askConnection(context, type));
  const key = connectionKey(connection);
  // What a person chose just now, and AWS Builder ID, need no settings.
  const isOwn = named === undefined || command === 'builderId';
  const known = configured.find((one) => connectionKey(one) === key) ?? (isOwn ? connection : undefined);
  await confirmRequest(context, connection, request, known);
  return { connection, request, isOfArguments: named !== undefined };
}

/** What of the arguments does not name a place: it goes into the request, and with it no further. */
function requestOf(type: ConnectionType, given: Arguments): SignInRequest {
  const names = fieldsOf(type).flatMap(({ name, argument }) => (argument === 'request' ? [name] : []));
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}

/** The connection that arguments name whole, or undefined when something has to be asked. */
function connectionFrom(
  configured: readonly Connection[],
  command: SignInCommand,
  given: Arguments,
): Connection | undefined {
  if (command === 'builderId') return builderIdConnection;
  return command === 'okta' ? oktaFrom(configured, given) : identityCenterFrom(configured, given);
}

function oktaFrom(
  configured: readonly Connection[],
  { issuer, clientId }: Arguments,
): Connection | undefined {
  if (issuer === undefined) return undefined;
  const same = configured.filter((one) => one.type === 'okta' && sameIssuer(one, issuer));
  if (clientId === undefined) return same[0];
  const given = checked({ type: 'okta', name: 'x', issuer, clientId });
  const name = given.type === 'okta' ? new URL(given.issuer).hostname : given.name;
  return same.find((one) => connectionKey(one) === connectionKey(given)) ?? { ...given, name };
}

function identityCenterFrom(configured: readonly Connection[], given: Arguments): Connection | undefined {
  if (given.startUrl === undefined) return undefined;
  const startUrl = parseStartUrl(given.startUrl, given.region);
  const region = startUrl.region ?? given.region;
  const same = configured.filter((one) => one.type === 'identityCenter' && one.startUrl === startUrl.url);
  if (region === undefined) return same[0];
  const one = checked({ type: 'identityCenter', name: startUrl.alias, startUrl: startUrl.url, region });
  return same.find((other) => connectionKey(other) === connectionKey(one)) ?? one;
}

function sameIssuer(connection: Connection, issuer: string): boolean {
  const other = checked({ type: 'okta', name: 'x', issuer, clientId: 'x' });
  return connection.type === 'okta' && other.type === 'okta' && connection.issuer === other.issuer;
}

function checked(connection: unknown): Connection {
  const parsed = v.safeParse(connectionSchema, connection);
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'arguments' });
  return normalConnection(parsed.output);
}
