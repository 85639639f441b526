import { l10n } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import { hostOf } from '../format/formatSession.ts';

/** Explains the consequences of giving terminal programs access to a token, in paragraphs. */
export function terminalMeaning(session: Session, hostName: string): string {
  return [
    l10n.t(
      'Any program started from this editor’s terminals and tasks on {0} can then request an access token and act as you at {1}.',
      hostName,
      hostOf(session),
    ),
    l10n.t('The token has these scopes: {0}', session.tokenSet.scopes.join(' ')),
    l10n.t('This stays on in every window on this computer until you turn it off or sign out.'),
  ].join('\n\n');
}
