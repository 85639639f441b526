import * as v from 'valibot';
import { connectionKey, placeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { readAddress } from '../../core/providers/connectionAddress.ts';
import { fieldsOf, scopesSchema } from '../../core/connection/connectionFields.ts';
import type { ConnectionType } from '../../core/connection/connectionFields.ts';
import { connectionSchema, placeSchema, requestSchema } from '../../core/connection/connectionSchema.ts';
import { normalConnection } from '../../core/providers/addresses.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { askConnection } from './askConnection.ts';
import { builderIdConnection } from '../providers/builderId.ts';
import type { SignInCommand } from '../providers/registration.ts';
import { confirmRequest } from './signInQuestions.ts';
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
  const named =
    command === 'builderId' ? builderIdConnection : connectionFrom(configured, command, parsed.output);
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
  type: ConnectionType,
  given: Arguments,
): Connection | undefined {
  const [address, ...others] = fieldsOf(type).filter(({ argument }) => argument === 'place');
  const values = new Map<string, unknown>(Object.entries(given));
  const text = values.get(address?.name ?? '');
  if (address === undefined || typeof text !== 'string') return undefined;
  const { name, region, url } = readAddress(address.kind, text, given.region);
  values.set(address.name, url);
  if (region !== undefined) values.set('region', region);
  const same = configured.filter((one) => one.type === type && placeOf(one)[0]?.value === url);
  if (others.some((other) => values.get(other.name) === undefined)) return same[0];
  const place = [address, ...others].map((field) => [field.name, values.get(field.name)] as const);
  const one = checked({ type, name, ...Object.fromEntries(place) });
  return same.find((other) => connectionKey(other) === connectionKey(one)) ?? one;
}

function checked(connection: unknown): Connection {
  const parsed = v.safeParse(connectionSchema, connection);
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'arguments' });
  return normalConnection(parsed.output);
}
