import type { Page } from 'playwright-core';

import { eventually, fits, type Patience, type Wanted } from './eventually.ts';

/** A line of the setup view, as shown and as announced. */
export interface SetupRow {
  readonly label: string;
  readonly description: string;
  /** Screen reader text. */
  readonly ariaLabel: string;
  /** The codicon's name, without its prefix. */
  readonly icon: string;
  readonly level: number;
  readonly expanded: boolean | undefined;
  readonly isFocused: boolean;
  readonly checked: boolean | undefined;
}

/** The view of *Check SSO Setup* in the panel. */
export interface SetupView {
  rows(): Promise<readonly SetupRow[]>;
  /** Waits for a line with this label, and returns it. */
  row(label: Wanted, patience?: Patience): Promise<SetupRow>;
  /** Waits until the line has this description. */
  shows(label: Wanted, description: RegExp, patience?: Patience): Promise<SetupRow>;
  /** The message above the tree. */
  message(): Promise<string>;
  /** Waits until the message above the tree matches. */
  messageFits(text: RegExp, patience?: Patience): Promise<void>;
  /** Waits until the first failed line is expanded and focused, which happens at the end of a check. */
  revealed(label: Wanted): Promise<void>;
  /** Clicks an action in the view's title by its name. */
  press(action: string): Promise<void>;
  /** Moves the focus into the tree. */
  focus(): Promise<void>;
}

const VIEW = '.part.panel .pane-body, .part.panel .tree-explorer-viewlet-tree-view';

export function setupViewOf(page: Page): SetupView {
  const rows = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.part.panel .monaco-list-row')].map((element): SetupRow => {
        const text = (selector: string) => element.querySelector(selector)?.textContent ?? '';
        const icon = /codicon-([a-z-]+)/.exec(
          element.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
        )?.[1];
        const expanded = element.getAttribute('aria-expanded');
        const box = element.querySelector('.custom-view-tree-node-item-checkbox');
        return {
          label: text('.label-name'),
          description: text('.label-description'),
          ariaLabel: element.getAttribute('aria-label') ?? '',
          icon: icon ?? '',
          level: Number(element.getAttribute('aria-level') ?? 0),
          expanded: expanded === null ? undefined : expanded === 'true',
          isFocused: element.classList.contains('focused'),
          checked: box === null ? undefined : box.getAttribute('aria-checked') === 'true',
        };
      }),
    );
  const row = async (label: Wanted, patience?: Patience) =>
    eventually(
      `the line ${String(label)}`,
      async () => (await rows()).find((one) => fits(label, one.label)),
      patience,
    );
  const message = async () => (await page.locator('.part.panel .message').allTextContents()).join(' ').trim();
  return {
    rows,
    row,
    shows: (label, description, patience) =>
      eventually(
        `${String(label)} with ${String(description)}`,
        async () => (await rows()).find((one) => fits(label, one.label) && description.test(one.description)),
        patience,
      ),
    message,
    messageFits: async (text, patience) => {
      await eventually(
        `the message ${String(text)}`,
        async () => (text.test(await message()) ? true : undefined),
        patience,
      );
    },
    revealed: async (label) => {
      await eventually(`${String(label)} to be opened`, async () =>
        (await rows()).some((one) => fits(label, one.label) && one.isFocused && one.expanded === true)
          ? true
          : undefined,
      );
    },
    press: async (action) => {
      await page
        .locator('.part.panel .title-actions, .part.panel .actions')
        .getByRole('button', { name: action })
        .first()
        .click();
    },
    focus: async () => {
      await page.locator(VIEW).first().locator('.monaco-list').first().focus();
    },
  };
}
