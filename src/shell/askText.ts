import { window } from 'vscode';
import { SignInError } from '../core/errors.ts';

interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** Shown as dots. */
  readonly password?: boolean;
  /** What is wrong with the text, or undefined; asked when the person accepts. */
  readonly problem: (text: string, signal: AbortSignal) => Promise<string | undefined> | string | undefined;
}

/**
 * One line of text. What is wrong with it is said where it is typed, on Enter, and goes away with the next key;
 * a check that asks a server shows progress meanwhile.
 * @throws SignInError `cancelled` on Escape
 */
export async function askText(question: TextQuestion): Promise<string> {
  const input = window.createInputBox();
  const closed = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  input.title = question.title;
  input.prompt = question.prompt;
  input.placeholder = question.placeholder;
  input.value = question.value ?? '';
  input.password = question.password ?? false;
  input.step = question.step;
  input.totalSteps = question.totalSteps;
  input.ignoreFocusOut = true;
  input.onDidChangeValue(() => {
    input.validationMessage = undefined;
  });
  input.onDidAccept(async () => {
    if (input.busy) return;
    const text = input.value;
    input.busy = true;
    try {
      const problem = await question.problem(text, closed.signal);
      if (closed.signal.aborted) return;
      if (problem === undefined) resolve(text);
      else if (input.value === text) input.validationMessage = problem;
    } catch (error) {
      reject(error);
    } finally {
      input.busy = false;
    }
  });
  input.onDidHide(() => {
    closed.abort(new SignInError('cancelled'));
    reject(new SignInError('cancelled'));
  });
  input.show();
  try {
    return await promise;
  } finally {
    input.dispose();
  }
}
