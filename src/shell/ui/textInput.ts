import { window } from 'vscode';
import type { Disposable, InputBox, QuickInputButton } from 'vscode';
import { plainText } from './plainText.ts';

/** The appearance of an input box, apart from its text. */
export interface TextInputOptions extends Partial<
  Pick<InputBox, 'value' | 'password' | 'step' | 'totalSteps' | 'buttons'>
> {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly buttons?: readonly QuickInputButton[];
}

/** VS Code's input box. It stays open without the focus, and clears a problem with the next key. */
export class TextInput implements Disposable {
  readonly #input = window.createInputBox();
  readonly onDidAccept = this.#input.onDidAccept;
  readonly onDidHide = this.#input.onDidHide;
  readonly onDidTriggerButton = this.#input.onDidTriggerButton;

  constructor({ title, prompt, placeholder, ...rest }: TextInputOptions) {
    Object.assign(this.#input, rest, {
      title: plainText(title),
      prompt: plainText(prompt),
      placeholder: plainText(placeholder),
      ignoreFocusOut: true,
    });
    this.#input.onDidChangeValue(() => {
      this.#input.validationMessage = undefined;
    });
  }

  get value(): string {
    return this.#input.value;
  }

  set busy(isBusy: boolean) {
    this.#input.busy = isBusy;
  }

  /** Shows the problem of the typed text. */
  set problem(text: string) {
    this.#input.validationMessage = plainText(text);
  }

  show(): void {
    this.#input.show();
  }

  hide(): void {
    this.#input.hide();
  }

  dispose(): void {
    this.#input.dispose();
  }
}
