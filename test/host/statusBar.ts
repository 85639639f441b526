import type { Page } from 'playwright-core';

import { eventually, type Patience } from './eventually.ts';

export interface StatusBarItem {
  /** The extension's ID, followed by the item's own. */
  readonly id: string;
  readonly text: string;
  /** Screen reader text. */
  readonly ariaLabel: string;
  /** Names of its codicons; `sync~spin` is a spinning `sync`. */
  readonly icons: readonly string[];
  readonly spins: boolean;
  readonly kind: 'standard' | 'warning' | 'error' | 'prominent';
  readonly side: 'left' | 'right';
}

export interface StatusBar {
  /** The items of an extension, by ID prefix. */
  items(extensionId: string): Promise<readonly StatusBarItem[]>;
  /** Waits until an item of the extension shows this. */
  waitFor(extensionId: string, text: RegExp, patience?: Patience): Promise<StatusBarItem>;
  click(extensionId: string): Promise<void>;
}

export function statusBarOf(page: Page): StatusBar {
  const itemsOf = (extensionId: string) => `.statusbar-item[id^="${extensionId}"]`;
  const items = (extensionId: string) =>
    page.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)].map((element): StatusBarItem => {
          const icons = [...element.querySelectorAll('.codicon')];
          const kinds = ['warning', 'error', 'prominent'] as const;
          return {
            id: element.id,
            text: element.textContent.replaceAll('\u00a0', ' ').trim(),
            ariaLabel: element.getAttribute('aria-label') ?? '',
            icons: icons.flatMap((icon) =>
              [...icon.classList]
                .filter((name) => name.startsWith('codicon-') && !name.startsWith('codicon-modifier'))
                .map((name) => name.slice('codicon-'.length)),
            ),
            spins: icons.some((icon) => icon.classList.contains('codicon-modifier-spin')),
            kind: kinds.find((kind) => element.classList.contains(`${kind}-kind`)) ?? 'standard',
            side: element.classList.contains('left') ? 'left' : 'right',
          };
        }),
      itemsOf(extensionId),
    );
  return {
    items,
    waitFor: (extensionId, text, patience) =>
      eventually(
        `a status bar item of ${extensionId} that shows ${String(text)}`,
        async () => (await items(extensionId)).find((item) => text.test(item.text)),
        patience,
      ),
    click: async (extensionId) => {
      await page.bringToFront();
      await page.locator(itemsOf(extensionId)).first().locator('.statusbar-item-label').click();
    },
  };
}
