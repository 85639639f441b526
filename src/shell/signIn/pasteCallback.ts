import { l10n, QuickInputButtons } from 'vscode';
import type { BrowserTurn } from '../../core/ports.ts';
import { TextInput } from '../ui/textInput.ts';

/**
 * Asks for the address that the browser ended at. What is wrong with it is said where it is typed.
 * @returns closes the question, when the turn is over
 */
export function askCallback(
  title: string,
  { redirectUri = 'http://localhost' }: BrowserTurn,
  paste: NonNullable<BrowserTurn['paste']>,
  onClosed: () => void,
): Disposable {
  const input = new TextInput({
    title,
    prompt: l10n.t(
      'The whole address that the browser ended at, also where it says that the site cannot be reached.',
    ),
    placeholder: `${redirectUri}?code=…&state=…`,
    password: true, // It carries a code; nobody needs to read it here.
    buttons: [QuickInputButtons.Back],
  });
  input.onDidAccept(() => {
    const problem = paste(input.value);
    if (problem === undefined) input.hide();
    else {
      input.problem =
        problem === 'notCallback'
          ? l10n.t('This is not the address of a finished sign-in. It begins with {0}?', redirectUri)
          : l10n.t(
              'This address belongs to another sign-in. Open the page again and paste the address it ends at.',
            );
    }
  });
  input.onDidTriggerButton(() => {
    input.hide();
  });
  input.onDidHide(() => {
    input.dispose();
    onClosed();
  });
  input.show();
  return {
    [Symbol.dispose]: () => {
      input.hide();
    },
  };
}
