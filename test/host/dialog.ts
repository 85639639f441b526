import type { BrowserContext, Page } from 'playwright-core';

import { eventually, type Patience } from './eventually.ts';

/** A modal dialog of the workbench. */
export interface DialogState {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

export interface Dialogs {
  /** The open dialog's texts; undefined if none is open. */
  state(): Promise<DialogState | undefined>;
  /** Waits for a dialog whose message or detail matches. */
  waitFor(text: RegExp, patience?: Patience): Promise<DialogState>;
  /** Waits for it and presses the button with this label. */
  answer(text: RegExp, button: string, patience?: Patience): Promise<DialogState>;
  /** "The extension '…' wants to sign in using …": presses Allow. */
  allowSignIn(patience?: Patience): Promise<DialogState>;
  /**
   * "Do you want … to open the external website?": presses Open and returns the opened page. VS Code does not ask
   * for `localhost`, 127.0.0.1 and `[::1]`.
   */
  openExternal(patience?: Patience): Promise<Page>;
}

const BOX = '.monaco-dialog-box';

export function dialogsOf(page: Page, context: BrowserContext): Dialogs {
  const box = page.locator(BOX);
  const state = () =>
    page.evaluate((boxes): DialogState | undefined => {
      const shown = [...document.querySelectorAll(boxes)].find((one) => one.checkVisibility());
      if (!shown) return undefined;
      const text = (selector: string) => shown.querySelector(selector)?.textContent.trim() ?? '';
      return {
        message: text('.dialog-message-text'),
        detail: text('.dialog-message-detail'),
        buttons: [...shown.querySelectorAll('.dialog-buttons .monaco-button')]
          .map((one) => one.textContent.trim())
          .filter(Boolean),
      };
    }, BOX);
  const waitFor = (text: RegExp, patience?: Patience) =>
    eventually(
      `a dialog that says ${String(text)}`,
      async () => {
        const current = await state();
        return current && text.test(`${current.message}\n${current.detail}`) ? current : undefined;
      },
      patience,
    );
  const answer = async (text: RegExp, button: string, patience?: Patience) => {
    const shown = await waitFor(text, patience);
    await box.locator('.dialog-buttons .monaco-button').getByText(button, { exact: true }).click();
    return shown;
  };
  return {
    state,
    waitFor,
    answer,
    allowSignIn: (patience) => answer(/wants to sign in using/, 'Allow', patience),
    openExternal: async (patience) => {
      await waitFor(/open the external website/, patience);
      const [opened] = await Promise.all([
        context.waitForEvent('page'),
        answer(/open the external website/, 'Open'),
      ]);
      // A browser draws a page in the background only once a second.
      opened.once('close', () => {
        page.bringToFront().catch(() => undefined); // Unless it is also closed.
      });
      return opened;
    },
  };
}
