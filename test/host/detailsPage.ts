import type { Page } from 'playwright-core';

import { eventually, type Patience } from './eventually.ts';

/** Waits for the page that *Details* opens and for `text` in it; returns its text. */
export function detailsPageShows(page: Page, text: RegExp, patience?: Patience): Promise<string> {
  const main = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame').locator('main');
  return eventually(
    `a details page that says ${String(text)}`,
    async () => {
      const shown = await main.innerText({ timeout: 1000 });
      return text.test(shown) ? shown : undefined;
    },
    patience,
  );
}
