import * as v from 'valibot';
import { connectionKey, valueOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { readAddress } from '../../input/addresses.ts';
import { fieldsOf, scopesSchema } from '../../core/connection/connectionFields.ts';
import type { ConnectionType } from '../../core/connection/connectionFields.ts';
import { connectionSchema, placeSchema, requestSchema } from '../../core/connection/connectionSchema.ts';
import { normalConnection } from '../../input/addresses.ts';
import { defined } from '../../core/defined.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { chooseAmong, askConnection } from './chooseConnection.ts';
import { confirmRequest } from './confirmRequest.ts';
import { builderIdConnection } from '../providers/builderId.ts';
import { providerOf } from '../providers/index.ts';
import type { SignInCommand } from '../providers/registration.ts';
import type { ShellContext } from '../context.ts';

const argumentsSchema = v.object({
  ...placeSchema.entries,
  ...requestSchema.entries,
  // A program may pass an empty list.
  scopes: v.exactOptional(v.union([v.strictTuple([]), scopesSchema])),
});
type Arguments = v.InferOutput<typeof argumentsSchema>;

/** The connection that a command signs in to. */
export interface ChosenSignIn {
  readonly connection: Connection;
  readonly request: SignInRequest;
  /** Whether the connection comes from the arguments: it belongs to the request, and is not saved in the settings. */
  readonly isOfArguments: boolean;
}

/**
 * The sign-in that a command's arguments describe; asks for missing ones. Shows what goes beyond a configured
 * connection and asks for a confirmation before sending anything: a link in a document can carry a command.
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
  const place = command === 'builderId' ? {} : placeFrom(command, parsed.output);
  const isNamed = Object.keys(place).length > 0;
  const connection = await connectionAt(context, command, place, configured);
  const key = connectionKey(connection);
  // A connection that the user just selected, and AWS Builder ID, need no entry in the settings, unlike one
  // that the arguments name.
  const known = configured.find((one) => connectionKey(one) === key) ?? (isNamed ? undefined : connection);
  await confirmRequest(context, connection, request, known);
  return { connection, request, isOfArguments: isNamed || command === 'builderId' };
}

/** The arguments other than the place, which apply to this request only. */
function requestOf(type: ConnectionType, given: Arguments): SignInRequest {
  const names = fieldsOf(type).flatMap(({ name, argument }) => (argument === 'request' ? [name] : []));
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}

type Place = Readonly<Record<string, string>>;

/** The arguments about the place: the address in its normal form, and its region. */
function placeFrom(type: ConnectionType, given: Arguments): Place {
  const names = placeFields(type).map(({ name }) => name);
  const named = Object.entries(given).flatMap(([name, value]) =>
    names.includes(name) && typeof value === 'string' ? [[name, value] as const] : [],
  );
  const place: Record<string, string> = Object.fromEntries(named);
  const [address] = placeFields(type);
  const text = place[address?.name ?? ''];
  if (address === undefined || text === undefined) return place;
  const { region, url } = readAddress(address.kind, text, given.region);
  return { ...place, [address.name]: url, ...defined({ region }) };
}

/**
 * The connection at a place. For a partial place, the matching configured one, the user's selection among
 * several, or the answers to questions.
 */
async function connectionAt(
  context: ShellContext,
  command: SignInCommand,
  place: Place,
  configured: readonly Connection[],
): Promise<Connection> {
  if (command === 'builderId') return builderIdConnection;
  const names = Object.keys(place);
  if (names.length === 0) return askConnection(context, command);
  const provider = providerOf({ type: command });
  if (placeFields(command).every(({ name }) => names.includes(name))) {
    const [address] = placeFields(command);
    const { name } = readAddress(address?.kind ?? 'text', place[address?.name ?? ''] ?? '');
    const one = checked({ type: command, name, ...place });
    return configured.find((other) => connectionKey(other) === connectionKey(one)) ?? one;
  }
  const fitting = configured.filter(
    (one) => one.type === command && names.every((name) => valueOf(one, name) === place[name]),
  );
  if (fitting.length > 0) return chooseAmong(context, fitting);
  return provider.askNew(context, provider.signInTitle(), { totalSteps: 2 }, place);
}

function placeFields(type: ConnectionType) {
  return fieldsOf(type).filter(({ argument }) => argument === 'place');
}

function checked(connection: unknown): Connection {
  const parsed = v.safeParse(connectionSchema, connection);
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'arguments' });
  return normalConnection(parsed.output);
}
