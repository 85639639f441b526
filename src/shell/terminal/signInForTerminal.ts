import { scopesOf } from '../../core/connection/connection.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { confirmRequest } from '../signIn/confirmRequest.ts';
import { requestWith } from '../signIn/signInAgain.ts';
import { signInTo } from '../signIn/signInCommands.ts';

/**
 * Signs in for a waiting terminal program, as the same account. Asks first about scopes that neither the
 * connection nor the session has, since every program with access to the account gets the wider token. `asker`
 * names who requested them, other than the user.
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
    return signInTo(context, connection, request, { startedBy: 'request', signal });
  };
}
