import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { distFolder } from '../../tools/lib/paths.ts';
import type { BrowserOptions } from '../browser.ts';

export type Theme = NonNullable<BrowserOptions['theme']>;
const THEMES: readonly Theme[] = ['light', 'dark', 'highContrast'];

/** The themes that the command line names, or all. */
export const themes = THEMES.filter(
  (theme) => process.argv.includes(theme) || !THEMES.some((one) => process.argv.includes(one)),
);

/** Where the pictures are: `dist/pictures/<theme>-<what>.png`. */
export const picturesFolder = join(distFolder, 'pictures');

/** The size of every window that is photographed, in pixels. */
export const pictureSize = { width: 1100, height: 700 };

/** Takes pictures of a page once what moves, or fades in, has come to rest. */
export function cameraFor(theme: Theme): (what: string, page: Page) => Promise<void> {
  mkdirSync(picturesFolder, { recursive: true });
  return async (what, page) => {
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(picturesFolder, `${theme}-${what}.png`) });
  };
}
