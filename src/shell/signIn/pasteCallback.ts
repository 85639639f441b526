import { l10n, QuickInputButtons } from 'vscode';
import type { InteractionRequest } from '../../core/oauth/userInteraction.ts';
import { takePasted } from '../../input/pastedCallback.ts';
import { TextInput } from '../ui/textInput.ts';

/** How the question ended: with an address that was taken, by *Back*, by Escape, or with its interaction. */
export type PasteOutcome = 'taken' | 'back' | 'cancelled' | 'over';

/**
 * Asks for the address that the browser ended at, and validates it as it is typed.
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
    password: true, // It carries a code, which need not be read here.
    buttons: [QuickInputButtons.Back],
  });
  let outcome: PasteOutcome = 'cancelled'; // VS Code says below the field that Escape cancels.
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
          ? l10n.t('That isn’t a callback URL. It starts with {0}', `${redirectUri}?`)
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
    if (isClosed) return; // VS Code says it again when the field is disposed of.
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
