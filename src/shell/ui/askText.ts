import { SignInError } from '../../core/oauth/errors.ts';
import { TextInput } from './textInput.ts';

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
  const { problem: problemOf, ...look } = question;
  const input = new TextInput(look);
  const closed = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  input.onDidAccept(async () => {
    if (input.busy) return;
    const text = input.value;
    input.busy = true;
    try {
      const problem = await problemOf(text, closed.signal);
      if (closed.signal.aborted) return;
      if (problem === undefined) resolve(text);
      else if (input.value === text) input.problem = problem;
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
