import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { distFolder } from '../../tools/lib/paths.ts';
import type { BrowserOptions } from '../browser.ts';

export type Theme = NonNullable<BrowserOptions['theme']>;
const THEMES: readonly Theme[] = ['light', 'dark', 'highContrast'];

/** The themes given on the command line, or all. */
export const themes = THEMES.filter(
  (theme) => process.argv.includes(theme) || !THEMES.some((one) => process.argv.includes(one)),
);

/** Output path: `dist/pictures/<theme>-<what>.png`. */
export const picturesFolder = join(distFolder, 'pictures');

/** Size of every photographed window, in pixels. */
export const pictureSize = { width: 1100, height: 700 };

/** Takes pictures of a page once animations have finished. */
export function cameraFor(theme: Theme): (what: string, page: Page) => Promise<void> {
  mkdirSync(picturesFolder, { recursive: true });
  return async (what, page) => {
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(picturesFolder, `${theme}-${what}.png`) });
  };
}

const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 700 },
] as const;
/** 1280 × 800 at 200% zoom, only on request. */
const ZOOMED = { width: 640, height: 400 } as const;
const MEDIA = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  highContrast: { colorScheme: 'dark', forcedColors: 'active' },
} as const;
const WORKBENCH = { light: 'vs', dark: 'vs-dark', highContrast: 'hc-black' } as const;

/** Name of a theme and size, such as `dark-900`. */
interface Look {
  readonly name: string;
  readonly theme: Theme;
  readonly size: { readonly width: number; readonly height: number };
}

/** The looks given on the command line by theme and width, or all. Scenes start with the first one. */
export const looks: readonly Look[] = themes.flatMap((theme) =>
  sizes().map((size) => ({ name: `${theme}-${size.width}`, theme, size })),
);

function sizes(): readonly Look['size'][] {
  const named = [...SIZES, ZOOMED].filter(({ width }) => process.argv.includes(String(width)));
  return named.length > 0 ? named : SIZES;
}

/**
 * Takes a picture of the screen in each look, one after another, as `<look>/<what>.png`, and adds the screen
 * reader texts to `labels.txt`. Hovers and tooltips depend on the pointer: `takeAsItIs` takes those in the
 * current look.
 */
export async function takeInEveryLook(what: string, page: Page): Promise<void> {
  await page.bringToFront();
  for (const look of looks) {
    await wear(look, page);
    // Move the pointer away from anything with a hover.
    await page.mouse.move(look.size.width - 1, look.size.height / 2);
    await save(look, what, page);
  }
  const [first] = looks;
  if (first !== undefined) await wear(first, page);
  const labels = await labelsOn(page);
  appendFileSync(
    join(picturesFolder, 'labels.txt'),
    `${what}\n${labels.map((one) => `  ${one}\n`).join('')}`,
  );
}

/**
 * Accessible names of this product's UI in the workbench: lists and rows, dialogs, messages, and the status bar
 * item.
 */
async function labelsOn(page: Page): Promise<readonly string[]> {
  const places = [
    '.quick-input-widget .quick-input-filter input',
    '.quick-input-widget .monaco-list-row',
    '.quick-input-widget .action-label',
    '.monaco-dialog-box',
    '.notifications-toasts .notification-list-item',
    '.part.panel .monaco-list-row',
    '.statusbar-item[id^="developer-sign-in."]',
  ];
  return page
    .locator(places.join(', '))
    .evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility())
        .map((one) => one.getAttribute('aria-label') ?? `NO LABEL: ${one.outerHTML.slice(0, 120)}`),
    );
}

/** Takes a picture in the first look, without changing the window. */
export async function takeAsItIs(what: string, page: Page): Promise<void> {
  const [first] = looks;
  if (first !== undefined) await save(first, what, page);
}

async function save({ name }: Look, what: string, page: Page): Promise<void> {
  await page.waitForTimeout(350); // Wait for animations to finish.
  await page.screenshot({ path: join(picturesFolder, name, `${what}.png`) });
}

/** The workbench follows the system's color scheme after loading the theme; other pages do so at once. */
async function wear({ theme, size }: Look, page: Page): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia(MEDIA[theme]);
  if ((await page.locator('.monaco-workbench').count()) > 0)
    await page.locator(`.monaco-workbench.${WORKBENCH[theme]}`).first().waitFor({ timeout: 10_000 });
}
