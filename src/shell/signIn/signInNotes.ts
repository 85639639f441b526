import { env, l10n } from 'vscode';
import { scopesOf } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import { providerOf } from '../providers/index.ts';
import { showWarning } from '../ui/messages.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** Shows, once after a sign-in, what the server granted less than requested, and who can change that. */
export function warnAboutMissingScopes({ connection, tokenSet }: Session, request: SignInRequest): void {
  const missing = missingRights(tokenSet, [...scopesOf(connection), ...(request.scopes ?? [])]);
  const notes = [
    ...(missing.length > 0
      ? [
          l10n.t(
            'You’re signed in, but the server didn’t grant {0}. If you need it, ask your administrator.',
            missing.join(' '),
          ),
        ]
      : []),
    ...(tokenSet.refreshToken === undefined ? [providerOf(connection).noRefreshToken()] : []),
  ];
  if (notes.length > 0) void showWithCopy(joinSentences(...notes)); // One message for everything that is missing.
}

/** Shows the message with a choice, since VS Code shortens one without choices to a line. */
async function showWithCopy(message: string): Promise<void> {
  const copy = l10n.t('Copy for Administrator');
  if ((await showWarning(message, copy)) === copy) await env.clipboard.writeText(message);
}
