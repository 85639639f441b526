import { l10n, ProgressLocation, window } from 'vscode';
import type { CancellationToken, MessageOptions, Progress } from 'vscode';
import { plainLines, plainText } from './plainText.ts';

/** Makes a message a dialog that has to be answered. */
type Modal = Pick<MessageOptions, 'detail'>;

/** A link of ours that follows a message: its label, and the command it runs. */
export interface CommandLink {
  readonly label: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** @returns the choice that was taken; undefined when the message was closed */
export async function showError(message: string, ...choices: readonly string[]): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) => window.showErrorMessage(plainText(message), ...drawn));
}

/** As {@link showError}, for what works and still needs attention. */
export async function showWarning(
  message: string,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) => window.showWarningMessage(plainText(message), ...drawn));
}

/** As {@link showError}, for what is not a problem. */
export async function showInformation(
  message: string,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) =>
    window.showInformationMessage(plainText(message), ...drawn),
  );
}

/** A dialog before something that should not happen by a slip; VS Code adds *Cancel*. As {@link showError}. */
export async function askWarning(
  message: string,
  modal: Modal,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(choices, (drawn) =>
    window.showWarningMessage(plainText(message), modalOptions(modal), ...drawn),
  );
}

/** As {@link askWarning}, for a question without harm. */
export async function askInformation(
  message: string,
  modal: Modal,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(choices, (drawn) =>
    window.showInformationMessage(plainText(message), modalOptions(modal), ...drawn),
  );
}

/**
 * A message in the status bar, gone after so many milliseconds, or when it is disposed of. It has no icon: VS Code reads the name of
 * one aloud with the message, and takes no other label for it.
 */
export function showStatusMessage(text: string, milliseconds: number): Disposable {
  const shown = window.setStatusBarMessage(plainText(text), milliseconds);
  return {
    [Symbol.dispose]: () => {
      shown.dispose();
    },
  };
}

/** What a notification with progress shows. */
export interface ProgressNotification {
  readonly title: string;
  readonly link?: CommandLink;
}

/** A notification with a bar and *Cancel* while `work` goes on. */
export async function withProgressNotification<T>(
  { title, link }: ProgressNotification,
  work: (
    report: (progress: { readonly message?: string; readonly increment?: number }) => void,
    cancellation: CancellationToken,
  ) => Promise<T>,
): Promise<T> {
  const plain = plainText(title, longestTitle);
  const options = {
    location: ProgressLocation.Notification,
    title: link === undefined ? plain : `${plain} ${linkText(link)}`,
    cancellable: true,
  };
  return window.withProgress(
    options,
    async (progress: Progress<{ message?: string; increment?: number }>, token) =>
      work(
        ({ message, ...rest }) =>
          progress.report(
            message === undefined ? rest : { ...rest, message: plainText(message, longestTitle) },
          ),
        token,
      ),
  );
}

/** A bar in a view while `work` goes on. */
export async function withProgressIn<T>(viewId: string, work: () => Promise<T>): Promise<T> {
  return window.withProgress({ location: { viewId } }, work);
}

/** VS Code cuts a message without a button to one line, which holds about so many characters. */
const longestLine = 50;

/** The choices. Without any, a long message gets one, so that VS Code shows it whole. */
function orOk(message: string, choices: readonly string[]): readonly string[] {
  return choices.length > 0 || message.length <= longestLine ? choices : [l10n.t('OK')];
}

/** Leaves room for a link within what VS Code shows of a notification. */
const longestTitle = 500;

function linkText({ label, command, args }: CommandLink): string {
  const plain = plainText(label).replaceAll('[', '(').replaceAll(']', ')');
  // Parentheses would end the link, and encodeURIComponent leaves them.
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${plain}](command:${command}?${query})`;
}

function modalOptions({ detail }: Modal): MessageOptions {
  return { modal: true, ...(detail === undefined ? {} : { detail: plainLines(detail) }) };
}

async function chosen(
  choices: readonly string[],
  show: (drawn: readonly string[]) => Thenable<string | undefined>,
): Promise<string | undefined> {
  const drawn = choices.map((choice) => plainText(choice));
  const taken = await show(drawn);
  return taken === undefined ? undefined : choices[drawn.indexOf(taken)];
}
