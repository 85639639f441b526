import { l10n } from 'vscode';
import type { LostSession } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { showCountingPick } from '../ui/countdownQuickPick.ts';
import { lostText, fullNameOf, nameOf } from '../format/formatSession.ts';
import { reportError } from '../ui/reportError.ts';
import { signInAgain } from '../signIn/signInAgain.ts';
import { showStatusMessage } from '../ui/messages.ts';

/** The actions for a lost session; `back` opens the previous list. */
export async function showLostActions(
  context: ShellContext,
  lost: LostSession,
  back: () => Promise<void>,
): Promise<void> {
  await showCountingPick({
    title: fullNameOf(lost),
    placeholder: () => lostText(context, lost),
    load: async () => undefined,
    watch: () => [],
    rows: () => [
      {
        key: 'again',
        icon: 'sign-in',
        label: l10n.t('Sign In Again'),
        choose: () => signInAgain(context, lost.id),
      },
      {
        key: 'forget',
        icon: 'trash',
        label: l10n.t('Forget'),
        description: l10n.t('Removes it from this list'),
        choose: () => forget(context, lost),
      },
    ],
    back,
  });
}

/** Removes a lost session. Sends nothing: the token is gone. */
export async function forget(context: ShellContext, lost: LostSession): Promise<void> {
  try {
    await context.sessions.forget(lost.id);
    showStatusMessage(l10n.t('Removed {0} from the list', nameOf(lost)), 5000);
  } catch (error) {
    await reportError(error);
  }
}
