import { l10n, ProgressLocation, window } from 'vscode';
import type { CancellationToken, MessageOptions, Progress } from 'vscode';
import { plainLines, plainText } from './plainText.ts';

/** Makes a message a modal dialog. */
type Modal = Pick<MessageOptions, 'detail'>;

/** A link to one of our commands after a message. */
export interface CommandLink {
  readonly label: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** Shows an error. @returns the selected choice; undefined if the message was closed */
export async function showError(message: string, ...choices: readonly string[]): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) => window.showErrorMessage(plainText(message), ...drawn));
}

/** Shows a warning, as {@link showError} does an error. */
export async function showWarning(
  message: string,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) => window.showWarningMessage(plainText(message), ...drawn));
}

/** Shows an information message, as {@link showError} does an error. */
export async function showInformation(
  message: string,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(orOk(message, choices), (drawn) =>
    window.showInformationMessage(plainText(message), ...drawn),
  );
}

/** Shows a modal warning before a critical action; VS Code adds *Cancel*. Returns as {@link showError}. */
export async function askWarning(
  message: string,
  modal: Modal,
  ...choices: readonly string[]
): Promise<string | undefined> {
  return chosen(choices, (drawn) =>
    window.showWarningMessage(plainText(message), modalOptions(modal), ...drawn),
  );
}

/** Shows a modal question, as {@link askWarning} does a warning. */
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
 * Shows a message in the status bar for a number of milliseconds, or until disposal. Without an icon, whose
 * name VS Code would read aloud, with no way to label it.
 */
export function showStatusMessage(text: string, milliseconds: number): Disposable {
  const shown = window.setStatusBarMessage(plainText(text), milliseconds);
  return {
    [Symbol.dispose]: () => {
      shown.dispose();
    },
  };
}

/** The content of a progress notification. */
export interface ProgressNotification {
  readonly title: string;
  readonly link?: CommandLink;
}

/** Shows a progress notification with *Cancel* while `work` runs. */
export async function withProgressNotification<T>(
  { title, link }: ProgressNotification,
  work: (
    report: (progress: { readonly message?: string; readonly increment?: number }) => void,
    cancellation: CancellationToken,
  ) => Promise<T>,
): Promise<T> {
  const plain = plainText(title, maxTitleLength);
  const options = {
    location: ProgressLocation.Notification,
    title: link === undefined ? plain : `${withoutBrackets(plain)} ${linkText(link)}`,
    cancellable: true,
  };
  return window.withProgress(
    options,
    async (progress: Progress<{ message?: string; increment?: number }>, token) =>
      work(
        ({ message, ...rest }) =>
          progress.report(
            message === undefined ? rest : { ...rest, message: plainText(message, maxTitleLength) },
          ),
        token,
      ),
  );
}

/** Shows progress in a view while `work` runs. */
export async function withProgressIn<T>(viewId: string, work: () => Promise<T>): Promise<T> {
  return window.withProgress({ location: { viewId } }, work);
}

/** Characters in the single line to which VS Code cuts a message without a button. */
const maxLineLength = 50;

/** Adds a button to a long message without choices, so that VS Code shows it in full. */
function orOk(message: string, choices: readonly string[]): readonly string[] {
  return choices.length > 0 || message.length <= maxLineLength ? choices : [l10n.t('OK')];
}

/** Length limit for a title that leaves room for a link in a notification. */
const maxTitleLength = 500;

function linkText({ label, command, args }: CommandLink): string {
  const plain = withoutBrackets(plainText(label));
  // Parentheses would end the link, and encodeURIComponent preserves them.
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${plain}](command:${command}?${query})`;
}

/** Replaces brackets: an open one before a link would make the text between them part of its label. */
function withoutBrackets(text: string): string {
  return text.replaceAll('[', '(').replaceAll(']', ')');
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
