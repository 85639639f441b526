import { env, l10n } from 'vscode';
import { scopesOf } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/grant.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import { showWarning } from '../ui/messages.ts';

/** Says, once after a sign-in, what the server gave less than was asked for, and who can change that. */
export function warnAboutMissingScopes(
  { connection, tokenSet, type }: Session,
  request: SignInRequest,
): void {
  const missing = missingRights(tokenSet, [...scopesOf(connection), ...(request.scopes ?? [])]);
  const notes = [
    ...(missing.length > 0
      ? [
          l10n.t(
            'You are signed in, but the server did not grant {0}. Tools that need it will ask again; your administrator decides.',
            missing.join(' '),
          ),
        ]
      : []),
    ...(tokenSet.refreshToken === undefined ? [noRefreshToken(type)] : []),
  ];
  if (notes.length > 0) void tell(notes.join(' ')); // One message, whatever is missing.
}

function noRefreshToken(type: Session['type']): string {
  return type === 'okta'
    ? l10n.t(
        'You are signed in, but only until this token ends: Okta gave no refresh token. Your administrator can tick “Refresh Token” under General > Grant type of the application, and list offline_access in the rule of the access policy.',
      )
    : l10n.t('You are signed in, but only until this token ends: the server gave no refresh token.');
}

/** With a choice, because VS Code folds a message without one into a line. */
async function tell(message: string): Promise<void> {
  const copy = l10n.t('Copy for your administrator');
  if ((await showWarning(message, copy)) === copy) await env.clipboard.writeText(message);
}
