import { l10n, QuickInputButtons } from 'vscode';
import { timeLeft } from './duration.ts';
import { createStableRows, List } from './quickPick.ts';
import type { ListRow, StableRow } from './quickPick.ts';

/** A row that can be chosen, and what it counts down to. */
export interface CountingRow extends ListRow, StableRow {
  /** Whose time stands in the title while this row is active, and when it is over, epoch milliseconds. */
  readonly counts?: { readonly who: string; readonly until: number };
  readonly choose?: () => Promise<unknown>;
}

/** A list whose title counts down, and what it is made of. */
export interface CountingPick {
  readonly title: string;
  readonly placeholder: () => string;
  /** Reads what the rows are made of; called when it may have changed. */
  readonly load: () => Promise<unknown>;
  /** The rows of the moment, from what was read. */
  readonly rows: () => readonly CountingRow[];
  /** Calls back when what was read may have changed. */
  readonly watch: (listener: () => void) => readonly Watch[];
  /** Where *Back* leads. */
  readonly back?: () => Promise<unknown>;
}

/** A subscription of the core's or of VS Code's. */
type Watch = Disposable | { dispose(): unknown };

const second = 1000;

/**
 * Shows a list whose time goes on while it is open, and does what is chosen. The seconds stand in the title, where a
 * change of them is not read aloud; the rows change when their words do.
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
    pick.placeholder = options.placeholder();
    const now = JSON.stringify(rows);
    if (now !== words) {
      words = now;
      const active = stable.replace(rows, pick.active, rows[0]?.key ?? '');
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
