import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe-core finds wrong on a page: each rule with the elements that break it. Empty is right.
 * @param but rules to leave out
 */
async function accessibilityFaults(place: Page, but: readonly string[] = []): Promise<readonly string[]> {
  // Not as a script of the page: its policy allows none.
  await place.evaluate(source);
  return place.evaluate(async (left) => {
    interface Axe {
      run(
        context: Document,
        options: { readonly rules: Readonly<Record<string, { readonly enabled: boolean }>> },
      ): Promise<{
        readonly violations: readonly {
          readonly id: string;
          readonly help: string;
          readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
        }[];
      }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const rules = Object.fromEntries(left.map((id) => [id, { enabled: false }]));
    const { violations } = await axe.run(document, { rules });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`),
    );
  }, but);
}

const LOOKS = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active' },
} as const;

/** The same of a page in every look that a person may have set, and what moves although a person wants nothing to. */
export async function faultsInEveryLook(page: Page): Promise<readonly string[]> {
  const all: string[] = [];
  for (const [name, look] of Object.entries(LOOKS)) {
    await page.emulateMedia(look);
    // Forced colours are the system's own, and axe-core still sees the page's in their place.
    const but = look.forcedColors === 'active' ? ['color-contrast'] : [];
    all.push(...(await accessibilityFaults(page, but)).map((fault) => `${name}, ${page.url()}, ${fault}`));
  }
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moving = await page.evaluate(() => document.getAnimations().length);
  await page.emulateMedia({ reducedMotion: null });
  if (moving > 0) all.push(`reduced motion, ${page.url()}: ${moving} animations`);
  return all;
}
