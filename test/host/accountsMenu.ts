import type { Page } from 'playwright-core';

import { eventually, fits, type Wanted } from './eventually.ts';

/** The menu behind the person at the bottom of the activity bar. */
export interface AccountsMenu {
  /** Opens it, reads its entries and closes it. */
  entries(): Promise<readonly string[]>;
  /** Opens it and clicks one entry after another, the later ones in the menus that open beside. */
  pick(...path: readonly Wanted[]): Promise<void>;
}

export function accountsMenuOf(page: Page): AccountsMenu {
  // The menus lie in a shadow root, which Playwright's selectors see into.
  const menus = page.locator('.monaco-menu-container .monaco-menu');
  const entry = '.action-item:not(.disabled) .action-label:not(.separator)';
  const open = async () => {
    await page.locator('.activitybar .action-item[aria-label^="Accounts"]').click();
    await menus.first().waitFor();
  };
  const labels = (menu: number) =>
    menus.nth(menu).locator('.action-item .action-label:not(.separator)').allTextContents();
  return {
    entries: async () => {
      await open();
      const read = await labels(0);
      await page.keyboard.press('Escape');
      await menus.first().waitFor({ state: 'detached' });
      return read.map((label) => label.trim());
    },
    pick: async (...path) => {
      await open();
      for (const [depth, wanted] of path.entries()) {
        const items = menus.nth(depth).locator(entry);
        const index = await eventually(`${String(wanted)} in the Accounts menu`, async () => {
          const found = (await items.allTextContents()).findIndex((label) => fits(wanted, label.trim()));
          return found < 0 ? undefined : found;
        });
        // A menu does not take a button that is released within a tenth of a second after it opened.
        await items.nth(index).click({ delay: 200 });
      }
    },
  };
}
