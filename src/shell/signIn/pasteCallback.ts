import { l10n, QuickInputButtons } from 'vscode';
import type { InteractionRequest } from '../../core/oauth/userInteraction.ts';
import { takePasted } from '../../input/pastedCallback.ts';
import { TextInput } from '../ui/textInput.ts';

/** How the question ended: with an accepted address, *Back*, Escape, or the end of its interaction. */
export type PasteOutcome = 'taken' | 'back' | 'cancelled' | 'over';

/**
 * Asks for the address at which the browser ended, and validates it as the user types.
 * @returns closes the question, when the interaction is over
 */
export function askCallback(
  title: string,
  interaction: Pick<InteractionRequest, 'redirectUri' | 'takeCallback'>,
  onClosed: (outcome: PasteOutcome) => void,
): Disposable {
  const { redirectUri = 'http://localhost' } = interaction;
  const input = new TextInput({
    title,
    prompt: l10n.t('Paste the full URL from the address bar, even if the page failed to load.'),
    placeholder: `${redirectUri}?code=…&state=…`,
    password: true, // It contains a code, which need not be visible.
    buttons: [QuickInputButtons.Back],
  });
  let outcome: PasteOutcome = 'cancelled'; // VS Code mentions Escape below the field.
  const close = (how: PasteOutcome): void => {
    outcome = how;
    input.hide();
  };
  input.onDidAccept(() => {
    const problem = takePasted(input.value, interaction);
    if (problem === undefined) close('taken');
    else {
      input.problem =
        problem === 'notCallback'
          ? l10n.t('That isn’t a callback URL. It starts with {0}', redirectUri)
          : l10n.t(
              'That URL belongs to another sign-in. Open the browser again, and paste the URL it ends at.',
            );
    }
  });
  input.onDidTriggerButton(() => {
    close('back');
  });
  let isClosed = false;
  input.onDidHide(() => {
    if (isClosed) return; // VS Code fires this again on disposal.
    isClosed = true;
    input.dispose();
    onClosed(outcome);
  });
  input.show();
  return {
    [Symbol.dispose]: () => {
      close('over');
    },
  };
}
