import type { Locator, Page } from 'playwright-core';

import { eventually, fits, type Patience, type Wanted } from './eventually.ts';

/** What a person reads in VS Code's quick input: a quick pick or an input box. */
export interface QuickInputState {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  /** The prompt, or the validation message that stands in its place. */
  readonly message: string;
  /** `idle` unless the message is a validation message. */
  readonly severity: 'idle' | 'info' | 'warning' | 'error';
  /** Whether the progress bar runs; VS Code lets it start 0.8 s after it was asked to. */
  readonly busy: boolean;
  /** Tooltips of the buttons in the title and beside the input. */
  readonly buttons: readonly string[];
  /** The label of the row that Enter chooses; empty without one. */
  readonly active: string;
  /** The rows that are on the screen: VS Code draws no others. */
  readonly items: readonly QuickInputItem[];
}

export interface QuickInputItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** The heading above it. */
  readonly separator: string;
  readonly buttons: readonly string[];
}

/** Which quick input is meant; all that is given must fit. */
export interface QuickInputWanted {
  readonly title?: Wanted;
  readonly placeholder?: Wanted;
  readonly message?: Wanted;
  /** A row with this label must be there. */
  readonly item?: Wanted;
}

export interface QuickInput {
  /** What it shows now; undefined when none is open. */
  state(): Promise<QuickInputState | undefined>;
  /** Waits until one is open that fits. */
  waitFor(wanted: QuickInputWanted, patience?: Patience): Promise<QuickInputState>;
  /** Waits until none is open. */
  waitUntilClosed(patience?: Patience): Promise<void>;
  /** Replaces the text. */
  type(text: string): Promise<void>;
  /**
   * Waits until a list that changed under the hand takes a choice again: for half a second after a change it takes none for a
   * row that stands where another one stood (src/shell/ui/quickPick.ts). A list that has just opened takes one at once.
   */
  untilItTakesChoices(): Promise<void>;
  /** Enter, once it is taken. */
  accept(): Promise<void>;
  /** Replaces the text and presses Enter, once the input is accepted. */
  submit(text: string): Promise<void>;
  /** Clicks the row with this label. */
  pick(label: Wanted, patience?: Patience): Promise<void>;
  /** Clicks a button by its tooltip, of the title or, with `item`, of a row. */
  pressButton(tooltip: Wanted, item?: Wanted): Promise<void>;
  /** Escape. */
  hide(): Promise<void>;
}

declare global {
  interface Window {
    /** When the rows of the quick input last became others while it was open; by `performance.now()`. */
    quickInputChangedAt?: number;
  }
}

/** A little longer than `reactionMilliseconds` of src/shell/ui/quickPick.ts. */
const REACTION_MS = 550;

/** In the page: for how many milliseconds the list has stood as it is; endlessly for one that opened so. */
function sinceListChanged(): number {
  return performance.now() - (window.quickInputChangedAt ?? -Infinity);
}

/**
 * To be run in a page of VS Code, once it is drawn: notes when a list that is open changes. A person sees it change, and a
 * test has to know.
 */
export function watchQuickInput(): void {
  let rows = '';
  const look = (widget: HTMLElement): void => {
    const isOpen = widget.style.display !== 'none' && !widget.inert;
    const found = isOpen ? [...widget.querySelectorAll('.monaco-list-row')] : [];
    const now = found
      .map((row) => `${row.getAttribute('data-index')} ${row.textContent}`)
      .toSorted()
      .join('\n');
    if (now !== rows && rows !== '' && now !== '') window.quickInputChangedAt = performance.now();
    if (!isOpen) delete window.quickInputChangedAt;
    rows = now;
  };
  const watched = new WeakSet<Element>();
  const find = (): void => {
    for (const widget of document.querySelectorAll<HTMLElement>('.quick-input-widget')) {
      if (watched.has(widget)) continue;
      watched.add(widget);
      look(widget);
      new MutationObserver(() => look(widget)).observe(widget, {
        childList: true,
        subtree: true,
        characterData: true,
        attributeFilter: ['style', 'inert'],
      });
    }
  };
  find();
  // The widget is drawn when it is first shown.
  for (const place of document.querySelectorAll('.monaco-workbench'))
    new MutationObserver(find).observe(place, { childList: true });
}

export function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('.quick-input-filter input').first();
  const state = () => readState(widget);
  const waitFor = (wanted: QuickInputWanted, patience?: Patience) =>
    eventually(
      `a quick input with ${describe(wanted)}`,
      async () => {
        const current = await state();
        return current && isWanted(wanted, current) ? current : undefined;
      },
      patience,
    );
  // By its words and not by its place: the list may change between the look and the click.
  const row = (label: Wanted) =>
    widget.locator('.monaco-list-row').filter({
      has: page.locator('.quick-input-list-row:first-child .label-name').filter({ hasText: whole(label) }),
    });
  // VS Code draws a filtered list into the rows of the one before: a click must not fall between the two.
  const settled = async () => {
    let before = '';
    await eventually('the list to stay as it is', async () => {
      const rows = (await state())?.items.map(({ label }) => label).join('\n') ?? '';
      const isSame = rows === before;
      before = rows;
      return isSame ? true : undefined;
    });
  };
  const untilItTakesChoices = async () => {
    await eventually('the list to stay as it is', async () =>
      (await page.evaluate(sinceListChanged)) > REACTION_MS ? true : undefined,
    );
  };
  const type = async (text: string) => {
    await input.fill(text, { timeout: 10_000 });
  };
  return {
    state,
    waitFor,
    waitUntilClosed: async (patience) => {
      await eventually(
        'the quick input to close',
        async () => ((await state()) ? undefined : true),
        patience,
      );
    },
    type,
    untilItTakesChoices,
    accept: async () => {
      await untilItTakesChoices();
      await input.press('Enter');
    },
    submit: async (text) => {
      await type(text);
      await eventually(`"${text}" to be accepted as typed`, async () =>
        (await state())?.severity === 'error' ? undefined : true,
      );
      await input.press('Enter');
    },
    pick: async (label, patience) => {
      await waitFor({ item: label }, patience);
      await settled();
      // A page behind another is drawn so rarely that a click takes seconds.
      await page.bringToFront();
      // A hover that VS Code shows over the list would take the click.
      await page.mouse.move(0, 0);
      await row(label).locator('.quick-input-list-label').first().click();
    },
    pressButton: async (tooltip, item) => {
      const place = item === undefined ? widget : row(item).first();
      if (item !== undefined) await place.hover();
      const buttons = place.locator('.action-label[aria-label]');
      const labels = await buttons.evaluateAll((all) =>
        all.map((one) => one.getAttribute('aria-label') ?? ''),
      );
      const index = labels.findIndex((label) => fits(tooltip, label));
      if (index < 0)
        throw new Error(`No button ${String(tooltip)} in the quick input; there is: ${labels.join(', ')}`);
      await buttons.nth(index).click();
    },
    hide: () => page.keyboard.press('Escape'),
  };
}

async function readState(widget: Locator): Promise<QuickInputState | undefined> {
  return widget.evaluateAll((widgets) => {
    // One that closes is still drawn for a moment, and takes nothing.
    const shown = widgets.find((one) => one.checkVisibility() && !(one as HTMLElement).inert);
    if (!shown) return undefined;
    const text = (place: Element, selector: string) => {
      const found = [...place.querySelectorAll(selector)].find((one) => one.checkVisibility());
      // A hair space before an ellipsis is not seen: VS Code sorts its commands by it.
      return (found?.textContent ?? '').replaceAll('\u00a0', ' ').replaceAll('\u200a', '').trim();
    };
    const tooltips = (place: Element, selector: string) =>
      [...place.querySelectorAll(selector)].map((one) => one.getAttribute('aria-label') ?? '');
    const input = shown.querySelector<HTMLInputElement>('.quick-input-filter input');
    const classes = shown.querySelector('.quick-input-filter .monaco-inputbox')?.classList;
    const severity = (['error', 'warning', 'info'] as const).find((name) => classes?.contains(name));
    return {
      title: text(shown, '.quick-input-title'),
      placeholder: input?.placeholder ?? '',
      value: input?.value ?? '',
      message: text(shown, '.quick-input-message'),
      severity: severity ?? 'idle',
      busy: !shown.querySelector('.quick-input-progress')?.classList.contains('done'),
      buttons: tooltips(
        shown,
        '.quick-input-titlebar .action-label, .quick-input-inline-action-bar .action-label',
      ),
      active: text(shown, '.monaco-list-row.focused .quick-input-list-row:first-child .label-name'),
      items: [...shown.querySelectorAll('.monaco-list-row')].map((row) => ({
        label: text(row, '.quick-input-list-row:first-child .label-name'),
        description: text(row, '.quick-input-list-row:first-child .label-description'),
        detail: text(row, '.quick-input-list-label-meta .monaco-icon-label'),
        separator: text(row, '.quick-input-list-separator'),
        buttons: tooltips(row, '.quick-input-list-entry-action-bar .action-label'),
      })),
    };
  });
}

/** The label of an item has its icon and its spaces beside it. */
function whole(label: Wanted): RegExp {
  if (typeof label !== 'string') return label;
  const words = label
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll(' ', '\\s')
    .replaceAll('…', '\\u200a?…');
  return new RegExp(`^\\s*${words}\\s*$`);
}

function isWanted(wanted: QuickInputWanted, state: QuickInputState): boolean {
  const { title, placeholder, message, item } = wanted;
  return (
    (title === undefined || fits(title, state.title)) &&
    (placeholder === undefined || fits(placeholder, state.placeholder)) &&
    (message === undefined || fits(message, state.message)) &&
    (item === undefined || state.items.some(({ label }) => fits(item, label)))
  );
}

function describe(wanted: QuickInputWanted): string {
  const parts = Object.entries(wanted).map(([name, value]) => `${name} ${String(value)}`);
  return parts.length > 0 ? parts.join(', ') : 'anything in it';
}
