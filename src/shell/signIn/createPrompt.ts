import type { Connection } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { scopesBeyond } from '../../core/session/signInPlan.ts';
import type { RunOptions } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { SignInSurface } from './signInPrompt.ts';
import { defined } from '../../core/defined.ts';

/** The surface of a sign-in to this connection with this request. */
export function createSurface(
  connection: Connection,
  request: SignInRequest,
  { canEdit = false, canChooseAnother = false, isProven = false }: RunOptions,
  openInBrowser: (url: string) => Promise<boolean>,
): SignInSurface {
  const provider = providerOf(connection);
  const { name } = connection;
  const clientId = provider.clientIdOf(connection);
  const options = {
    title: provider.signInTitleAt(
      connection,
      request.account === undefined ? name : `${name}, ${request.account}`,
    ),
    mistypable: isProven ? ('nothing' as const) : provider.mistypable(connection),
    beyond: scopesBeyond(connection, request),
    canEdit,
    canChooseAnother,
    ...defined({ clientId, isGeneric: provider.isGeneric }),
  };
  return new SignInSurface(options, openInBrowser);
}

/** True where the product does not name the provider, as `ErrorDetails` has it; otherwise undefined. */
export function isGenericAt(connection: Connection): true | undefined {
  return providerOf(connection).isGeneric;
}
