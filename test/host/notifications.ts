import type { Page } from 'playwright-core';

import { eventually, type Patience } from './eventually.ts';

export interface NotificationState {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly buttons: readonly string[];
}

export interface Notifications {
  /** The visible notifications, newest first. */
  shown(): Promise<readonly NotificationState[]>;
  waitFor(message: RegExp, patience?: Patience): Promise<NotificationState>;
  /** Waits for it and follows the link with this text. */
  follow(message: RegExp, link: string, patience?: Patience): Promise<void>;
  /** Waits for it and presses the button with this label. */
  press(message: RegExp, button: string, patience?: Patience): Promise<void>;
}

const TOAST = '.notifications-toasts .notification-list-item';

export function notificationsOf(page: Page): Notifications {
  const shown = () =>
    page.evaluate(
      (toasts) =>
        [...document.querySelectorAll(toasts)].map((toast): NotificationState => {
          const icon = toast.querySelector('.notification-list-item-icon')?.classList;
          const isError = icon?.contains('codicon-error') ?? false;
          const isWarning = icon?.contains('codicon-warning') ?? false;
          return {
            severity: isError ? 'error' : isWarning ? 'warning' : 'info',
            message: toast.querySelector('.notification-list-item-message')?.textContent.trim() ?? '',
            buttons: [
              ...toast.querySelectorAll('.notification-list-item-buttons-container .monaco-button'),
            ].map((button) => button.textContent.trim()),
          };
        }),
      TOAST,
    );
  const waitFor = (message: RegExp, patience?: Patience) =>
    eventually(
      `a notification that says ${String(message)}`,
      async () => (await shown()).find((one) => message.test(one.message)),
      patience,
    );
  return {
    shown,
    waitFor,
    follow: async (message, link, patience) => {
      await waitFor(message, patience);
      await page.locator(TOAST).filter({ hasText: message }).first().getByText(link, { exact: true }).click();
    },
    press: async (message, button, patience) => {
      await waitFor(message, patience);
      const toast = page.locator(TOAST).filter({ hasText: message });
      // Buttons appear on hover.
      await toast.hover();
      await toast.locator('.monaco-button').getByText(button, { exact: true }).click();
    },
  };
}
