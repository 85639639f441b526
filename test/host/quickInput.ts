import type { Page } from 'playwright-core';

import { eventually, fits, type Patience, type Wanted } from './eventually.ts';

/** The texts of VS Code's quick input: a quick pick or an input box. */
export interface QuickInputState {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  /** The prompt, or the validation message that replaces it. */
  readonly message: string;
  /** `idle` unless the message is a validation message. */
  readonly severity: 'idle' | 'info' | 'warning' | 'error';
  /** Whether the progress bar is visible; VS Code shows it with a delay of 0.8 s. */
  readonly busy: boolean;
  /** Tooltips of the buttons in the title and next to the input. */
  readonly buttons: readonly string[];
  /** The label of the row that Enter selects; empty without one. */
  readonly active: string;
  /** The visible rows: VS Code does not render others. */
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

/** Identifies a quick input; all given members must match. */
export interface QuickInputWanted {
  readonly title?: Wanted;
  readonly placeholder?: Wanted;
  readonly message?: Wanted;
  /** A row with this label must exist. */
  readonly item?: Wanted;
}

export interface QuickInput {
  /** Its current content; undefined if none is open. */
  state(): Promise<QuickInputState | undefined>;
  /** Waits until a matching one is open. */
  waitFor(wanted: QuickInputWanted, patience?: Patience): Promise<QuickInputState>;
  /** Waits until none is open. */
  waitUntilClosed(patience?: Patience): Promise<void>;
  /** Replaces the text. */
  type(text: string): Promise<void>;
  /**
   * Waits until a list that changed while open accepts a selection again: for half a second after a change, it
   * ignores selections of rows that moved into another row's place (src/shell/ui/quickPick.ts). A new list
   * accepts one at once.
   */
  untilItTakesChoices(): Promise<void>;
  /** Presses Enter once it is accepted. */
  accept(): Promise<void>;
  /** Replaces the text and presses Enter once the input is valid. */
  submit(text: string): Promise<void>;
  /** Clicks the row with this label. The patience is for the row to appear, and again for the click. */
  pick(label: Wanted, patience?: Patience): Promise<void>;
  /** Clicks a button by its tooltip, in the title or, with `item`, in a row. */
  pressButton(tooltip: Wanted, item?: Wanted): Promise<void>;
  /** Presses Escape. */
  hide(): Promise<void>;
}

declare global {
  interface Window {
    /** When the rows last changed while the quick input was open, by `performance.now()`. */
    quickInputChangedAt?: number;
    quickInputClick?: { missed: boolean; readonly over: AbortController };
  }
}

/** Slightly longer than `reactionMilliseconds` of src/shell/ui/quickPick.ts. */
const REACTION_MS = 550;

/** In the page: milliseconds since the list last changed; Infinity if it has not changed since it opened. */
function sinceListChanged(): number {
  return performance.now() - (window.quickInputChangedAt ?? -Infinity);
}

/**
 * Runs in a VS Code page once it is drawn: records changes of an open list. Users see such a change; tests need
 * this.
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
  // The widget is created when first shown.
  for (const place of document.querySelectorAll('.monaco-workbench'))
    new MutationObserver(find).observe(place, { childList: true });
}

export function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('.quick-input-filter input').first();
  const state = () => page.evaluate(readState);
  const waitFor = (wanted: QuickInputWanted, patience?: Patience) =>
    eventually(
      `a quick input with ${describe(wanted)}`,
      async () => {
        const current = await state();
        return current && isWanted(wanted, current) ? current : undefined;
      },
      patience,
    );
  // Find it by its text, not its position: the list may change between reading and clicking.
  const row = (label: Wanted) =>
    widget.locator('.monaco-list-row').filter({
      has: page.locator('.quick-input-list-row:first-child .label-name').filter({ hasText: whole(label) }),
    });
  // VS Code draws a filtered list into the rows of the previous one: wait, so that the click hits the right
  // row.
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
      // A page in the background is drawn so rarely that a click takes seconds.
      await page.bringToFront();
      // A hover over the list would intercept the click.
      await page.mouse.move(0, 0);
      await eventually(
        `a click on ${String(label)}`,
        async () => {
          const { source, flags } = whole(label);
          await page.evaluate(watchClick, { source, flags });
          await row(label).locator('.quick-input-list-label').first().click({ timeout: 10_000 });
          return (await page.evaluate(endClick)) ? true : undefined;
        },
        patience,
      );
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

/**
 * In the page: stops a click on another row than the wanted one. VS Code draws a filtered list into the rows of the
 * previous one, perhaps after the click was aimed.
 */
function watchClick({ source, flags }: { readonly source: string; readonly flags: string }): void {
  window.quickInputClick?.over.abort();
  const watch = { missed: false, over: new AbortController() };
  window.quickInputClick = watch;
  const { signal } = watch.over;
  const aim = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest('.monaco-list-row') : null;
    const label = row?.querySelector('.quick-input-list-row:first-child .label-name')?.textContent ?? '';
    watch.missed ||= !new RegExp(source, flags).test(label);
  };
  const stop = (event: Event): void => {
    if (watch.missed) event.stopImmediatePropagation();
  };
  for (const name of ['pointerdown', 'mousedown'])
    window.addEventListener(name, aim, { capture: true, signal });
  for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
    window.addEventListener(name, stop, { capture: true, signal });
}

/** In the page: ends {@link watchClick}. @returns whether the click hit the wanted row */
function endClick(): boolean {
  window.quickInputClick?.over.abort();
  return window.quickInputClick?.missed !== true;
}

/** In the page: a locator would cost four times as much processor time, in every attempt of a wait. */
function readState(): QuickInputState | undefined {
  // A closing one stays visible for a moment, but ignores input.
  const shown = [...document.querySelectorAll<HTMLElement>('.quick-input-widget')].find(
    (one) => one.checkVisibility() && !one.inert,
  );
  if (!shown) return undefined;
  const text = (place: Element, selector: string) => {
    const found = [...place.querySelectorAll(selector)].find((one) => one.checkVisibility());
    // Ignore the hair space before an ellipsis, which affects only VS Code's sort order.
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
}

/** An item's label element also contains its icon and spaces. */
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
