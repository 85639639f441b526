import { l10n, QuickInputButtons } from 'vscode';
import { timeLeft } from './duration.ts';
import { createStableRows, List } from './quickPick.ts';
import type { ListRow, StableRow } from './quickPick.ts';

/** A row, with an optional countdown. */
export interface CountingRow extends ListRow, StableRow {
  /** The countdown in the title while this row is active: its label, and its end in epoch milliseconds. */
  readonly counts?: { readonly who: string; readonly until: number };
  readonly choose?: () => Promise<unknown>;
}

/** A list with a countdown in its title. */
export interface CountingPick {
  readonly title: string;
  readonly placeholder: () => string;
  /** Loads the data of the rows; called when it may have changed. */
  readonly load: () => Promise<unknown>;
  /** Builds the current rows from the data. */
  readonly rows: () => readonly CountingRow[];
  /** Subscribes to changes of the data. */
  readonly watch: (listener: () => void) => readonly Watch[];
  /** Key of the initially active row, after *Back*; the first row by default. */
  readonly at?: string | undefined;
  /** Opens the previous list on *Back*. */
  readonly back?: () => Promise<unknown>;
}

/** A subscription of the core or of VS Code. */
type Watch = Disposable | { dispose(): unknown };

const second = 1000;

/**
 * Shows a list that updates while it is open, and runs the selected row. Seconds appear only in the title,
 * whose changes screen readers do not announce; rows change with their texts.
 */
export async function showCountingPick(options: CountingPick): Promise<void> {
  const pick = new List<CountingRow>({ matchOnDescription: true, matchOnDetail: true });
  const stable = createStableRows<CountingRow>(Date.now);
  const { promise, resolve } = Promise.withResolvers<CountingRow['choose']>();
  let words = '';
  let isOpen = true;
  pick.buttons = options.back === undefined ? [] : [QuickInputButtons.Back];
  const count = (): void => {
    const { who, until = 0 } = pick.active?.counts ?? {};
    const left = until - Date.now();
    pick.title =
      who === undefined || left <= 0
        ? options.title
        : l10n.t('{0} · {1}: {2} left', options.title, who, timeLeft(left));
  };
  const update = (): void => {
    const rows = options.rows();
    const first = rows.find(({ key }) => key !== undefined && key === options.at) ?? rows[0];
    pick.placeholder = options.placeholder();
    const now = JSON.stringify(rows);
    if (now !== words) {
      words = now;
      const active = stable.replace(rows, pick.active, first?.key ?? '');
      pick.keepScrollPosition = true;
      pick.rows = rows;
      if (active !== undefined) pick.active = active;
    }
    count();
  };
  pick.onDidChangeActive(count);
  pick.onDidAccept(() => {
    const chosen = pick.selected;
    if (chosen?.choose === undefined || !stable.isMeant(chosen)) return;
    resolve(chosen.choose);
    pick.hide();
  });
  pick.onDidTriggerButton(() => {
    resolve(options.back);
    pick.hide();
  });
  pick.onDidHide(() => {
    resolve(undefined);
  });
  const reload = async (): Promise<void> => {
    await options.load();
    if (isOpen) update();
  };
  const watches = options.watch(() => void reload());
  const ticking = setInterval(update, second);
  try {
    await reload();
    pick.show();
    await promise;
  } finally {
    isOpen = false;
    clearInterval(ticking);
    for (const watch of watches) {
      if (Symbol.dispose in watch) watch[Symbol.dispose]();
      else watch.dispose();
    }
    pick.dispose();
  }
  await (
    await promise
  )?.();
}
