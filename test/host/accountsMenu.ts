import type { Page } from 'playwright-core';

import { eventually, fits, type Wanted } from './eventually.ts';

/** The Accounts menu at the bottom of the activity bar. */
export interface AccountsMenu {
  /** Opens the menu, reads its entries and closes it. */
  entries(): Promise<readonly string[]>;
  /** Opens the menu and clicks the given entries in sequence, through its submenus. */
  pick(...path: readonly Wanted[]): Promise<void>;
}

export function accountsMenuOf(page: Page): AccountsMenu {
  // The menus are in a shadow root, which Playwright's selectors can access.
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
        // A menu ignores a mouse button released within 100 ms after it opened.
        await items.nth(index).click({ delay: 200 });
      }
    },
  };
}
