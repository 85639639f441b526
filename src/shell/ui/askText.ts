import { QuickInputButtons } from 'vscode';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { TextInput } from './textInput.ts';

interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** Whether its title bar has *Back*. */
  readonly hasBack?: true | undefined;
  /** Shown as dots. */
  readonly password?: boolean;
  /** The problem of the text, or undefined; checked when the user presses Enter. */
  readonly problem: (text: string, signal: AbortSignal) => Promise<string | undefined> | string | undefined;
}

/**
 * Asks for one line of text. Shows a problem on Enter, until the next key; shows progress while a check asks a
 * server. Enter on another text checks that one instead.
 * @throws SignInError `cancelled` on Escape, and with `reason` `back` on *Back* ({@link isBack})
 */
export async function askText(question: TextQuestion): Promise<string> {
  const { problem: problemOf, hasBack, ...appearance } = question;
  const input = new TextInput({
    ...appearance,
    ...(hasBack === true ? { buttons: [QuickInputButtons.Back] } : {}),
  });
  let check: { readonly text: string; readonly over: AbortController } | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  input.onDidAccept(async () => {
    const text = input.value;
    if (check?.text === text) return;
    check?.over.abort();
    const mine = { text, over: new AbortController() };
    check = mine;
    input.busy = true;
    const { signal } = mine.over;
    try {
      const problem = await problemOf(text, signal);
      if (signal.aborted || input.value !== text) return;
      if (problem === undefined) resolve(text);
      else input.problem = problem;
    } catch (error) {
      if (!signal.aborted) reject(error);
    } finally {
      if (check === mine) {
        check = undefined;
        input.busy = false;
      }
    }
  });
  input.onDidTriggerButton(() => {
    reject(backError());
  });
  input.onDidHide(() => {
    check?.over.abort(new SignInError('cancelled'));
    reject(new SignInError('cancelled'));
  });
  input.show();
  try {
    return await promise;
  } finally {
    input.dispose();
  }
}

/** The error of a question that was left by *Back*. */
export function backError(): SignInError {
  return new SignInError('cancelled', { reason: 'back' });
}

/** Whether a question was left by *Back* rather than by Escape. */
export function isBack(error: unknown): boolean {
  return findSignInError(error)?.details.reason === 'back';
}

/**
 * Runs questions in sequence; *Back* returns to the previous question that was asked, and from the first one
 * out.
 * @param steps each resolves to whether it asked
 * @param start the one to begin with
 */
export async function askInSteps(steps: readonly (() => Promise<boolean>)[], start = 0): Promise<void> {
  const asked = steps.slice(0, start).map((_, index) => index);
  for (let index = start; index < steps.length;) {
    try {
      if (await steps[index]?.()) asked.push(index);
      index += 1;
    } catch (error) {
      const before = isBack(error) ? asked.pop() : undefined;
      if (before === undefined) throw error;
      index = before;
    }
  }
}
