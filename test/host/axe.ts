import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Runs axe-core on a page. Returns each violated rule with its elements, or an empty list.
 * @param but rules to skip
 */
async function accessibilityFaults(place: Page, but: readonly string[] = []): Promise<readonly string[]> {
  // Not as a script of the page, since its policy does not allow any.
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

/**
 * Runs axe-core on a page in every color scheme and contrast mode, and reports motion despite reduced-motion
 * settings.
 */
export async function faultsInEveryLook(page: Page): Promise<readonly string[]> {
  const all: string[] = [];
  for (const [name, look] of Object.entries(LOOKS)) {
    await page.emulateMedia(look);
    // Forced colors come from the system; axe-core still sees the page's own.
    const but = look.forcedColors === 'active' ? ['color-contrast'] : [];
    all.push(...(await accessibilityFaults(page, but)).map((fault) => `${name}, ${page.url()}, ${fault}`));
  }
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const moving = await page.evaluate(() => document.getAnimations().length);
  await page.emulateMedia({ reducedMotion: null });
  if (moving > 0) all.push(`reduced motion, ${page.url()}: ${moving} animations`);
  return all;
}
