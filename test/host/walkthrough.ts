import type { Locator, Page } from 'playwright-core';

import { eventually } from './eventually.ts';
import { EXTENSION_ID } from './scene.ts';
import type { Workbench } from './workbench.ts';

export interface WalkthroughStep {
  readonly title: string;
  readonly done: boolean;
}

/** A walkthrough on the screen. */
export interface Walkthrough {
  steps(): Promise<readonly WalkthroughStep[]>;
  /** Opens a step by its title. */
  select(title: string): Promise<void>;
  /** Presses a button or link of the open step. */
  press(label: string): Promise<void>;
  /** The picture of the open step once it is drawn, optionally selected by its alternative text. */
  picture(alternative?: string): Promise<Locator>;
  waitUntilDone(title: string): Promise<void>;
}

/** Opens a walkthrough by its ID in the manifest. */
export async function openWalkthrough(window: Workbench, id: string): Promise<Walkthrough> {
  const { page } = window;
  const probe = await window.probe();
  // A side bar leaves too little room, and VS Code hides the pictures.
  await probe.executeCommand('workbench.action.closeSidebar');
  const step = page.locator(`.getting-started-step[data-step-id^="${EXTENSION_ID}#${id}#"]`);
  for (let tries = 1; ; tries += 1) {
    await probe.executeCommand('workbench.action.openWalkthrough', [`${EXTENSION_ID}#${id}`, false]);
    const isShown = await step
      .first()
      .waitFor({ timeout: 10_000 })
      .then(
        () => true,
        () => false,
      );
    if (isShown) break;
    if (tries === 3) throw new Error(`VS Code does not show the walkthrough "${id}".`);
    // VS Code 1.105 shows its own welcome page if it has not read the extensions' walkthroughs yet.
    await probe.executeCommand('workbench.action.closeAllEditors');
  }
  const open = page.locator('.getting-started-step.expanded');
  const steps = () =>
    step.evaluateAll((all): WalkthroughStep[] =>
      all.map((one) => ({
        title: one.querySelector('.step-title')?.textContent.trim() ?? '',
        done: one.querySelector('[role="checkbox"]')?.getAttribute('aria-checked') === 'true',
      })),
    );
  return {
    steps,
    select: async (title) => {
      const wanted = step.filter({ has: page.locator('.step-title').getByText(title, { exact: true }) });
      if ((await wanted.getAttribute('aria-expanded')) !== 'true')
        await wanted.locator('.step-title').click();
      await open.filter({ hasText: title }).waitFor();
    },
    press: async (label) => {
      await open
        .locator('.step-description-container')
        .locator('a, .monaco-button')
        .getByText(label, { exact: true })
        .click();
    },
    picture: (alternative) =>
      eventually(`the picture of the step, ${alternative ?? 'whatever it shows'}`, () =>
        shownPicture(page, alternative),
      ),
    waitUntilDone: async (title) => {
      await eventually(`the step "${title}" to be ticked off`, async () =>
        (await steps()).some((one) => one.title === title && one.done) ? true : undefined,
      );
    },
  };
}

/** A webview is a frame inside a frame. The previous step's may still exist, hidden. */
async function shownPicture(page: Page, alternative?: string): Promise<Locator | undefined> {
  for (const frame of page.frames()) {
    const picture = frame.getByRole(
      'img',
      alternative === undefined ? {} : { name: alternative, exact: true },
    );
    if ((await picture.count()) === 1 && (await picture.isVisible())) return picture;
  }
  return undefined;
}
