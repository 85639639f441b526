import { scopesOf } from '../../core/connection/connection.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { confirmRequest } from '../signIn/confirmRequest.ts';
import { requestWith } from '../signIn/signInAgain.ts';
import { signInTo } from '../signIn/signInCommands.ts';

/**
 * The sign-in that a program of a terminal waits for, as the same account. Scopes that neither the connection nor the
 * session has are confirmed first: a wider token is for every program that may use the account. `asker` says who wants them,
 * where that is not the person.
 */
export function signInForTerminal(context: ShellContext, { asker }: { readonly asker?: string } = {}) {
  return async (session: Session, asked: readonly string[], signal: AbortSignal): Promise<Session> => {
    const { connection, tokenSet } = session;
    const usual = [...scopesOf(connection), ...tokenSet.scopes];
    const request = await requestWith(context, session, asked);
    if (missingRights({ scopes: usual }, asked).length > 0)
      await confirmRequest(
        { settings: () => context.settings(), asker },
        connection,
        { scopes: request.scopes },
        connection,
      );
    return signInTo(context, connection, request, { begunBy: 'arguments', signal });
  };
}
