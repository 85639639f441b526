import type { Page } from 'playwright-core';

import { eventually, type Patience } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** Presses Tab until the element with this name has focus; returns the elements passed on the way. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 25; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return '';
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      return [...labels, element].map((one) => one.textContent.trim()).find(Boolean) ?? '';
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`"${name}" cannot be reached with the keyboard.`);
}

/** Runs a command from the palette without the mouse. */
export async function typeCommand({ page, quickInput }: Workbench, title: string): Promise<void> {
  // A page in a tab that is still being drawn does not forward keys, and takes focus from the palette when it
  // appears.
  await eventually('the palette', async () => {
    await page.keyboard.press('F1');
    await quickInput.waitFor({ placeholder: /name of a command/ }, { timeoutMs: 3000 });
    await page.keyboard.type(title);
    await activeRow(page, title, { timeoutMs: 6000 });
    return true;
  });
  await page.keyboard.press('Enter');
}

/** Moves down to the row with this label and presses Enter. A screen reader announces its icon's name first. */
export async function chooseRow({ page, quickInput }: Workbench, label: string): Promise<void> {
  await quickInput.waitFor({ item: label });
  for (let presses = 0; presses < 15; presses++) {
    if ((await active(page))?.includes(label)) {
      await quickInput.untilItTakesChoices();
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The row "${label}" cannot be reached with the keyboard.`);
}

/** Presses the button of the open dialog that is focused by default. */
export async function confirmDialog({ page, dialogs }: Workbench, text: RegExp): Promise<void> {
  await dialogs.waitFor(text);
  // The dialog is drawn before its button has the focus, and Enter would go to what is behind it.
  await page.locator('.monaco-dialog-box .monaco-button:focus').waitFor();
  await page.keyboard.press('Enter');
}

async function activeRow(page: Page, label: string, patience?: Patience): Promise<void> {
  await eventually(
    `the row "${label}" to be the active one`,
    async () => ((await active(page))?.startsWith(label) ? true : undefined),
    patience,
  );
}

/** The active row as a screen reader announces it. */
export async function active(page: Page): Promise<string | undefined> {
  return page
    .locator('.quick-input-widget .monaco-list-row.focused')
    .first()
    .getAttribute('aria-label', { timeout: 1000 })
    .then(
      (label) => label ?? undefined,
      () => undefined,
    );
}
