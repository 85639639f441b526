import { QuickInputButtons, ThemeIcon, window } from 'vscode';
import type { Disposable, QuickInputButton, QuickPick, QuickPickItem, QuickPickOptions } from 'vscode';
import { plainText } from './plainText.ts';
import { defined } from '../../core/defined.ts';

/**
 * A row of a list. Its icon is separate from its label: in the label, a screen reader would read its name
 * aloud. It is not animated, since VS Code would rotate it off center.
 */
export interface ListRow {
  readonly label: string;
  readonly icon?: string | undefined;
  readonly description?: string | undefined;
  readonly detail?: string;
  readonly kind?: QuickPickItem['kind'];
  readonly alwaysShow?: boolean;
  /** Buttons at the end of the row, reachable with Tab. Only a {@link List} handles them. */
  readonly buttons?: readonly RowButton[];
}

/** A button of a row; its label is read aloud and displayed as its hover. */
export interface RowButton {
  readonly icon: string;
  readonly label: string;
  readonly press: () => unknown;
}

type ListOptions = Pick<QuickPickOptions, 'title' | 'placeHolder' | 'ignoreFocusOut' | 'matchOnDescription'>;

/** Shows a list. @returns the selected row; undefined if it was closed */
export async function showList<R extends ListRow>(
  rows: readonly R[],
  { title, placeHolder, ...options }: ListOptions,
): Promise<R | undefined> {
  const drawn = rows.map(drawnRow);
  const chosen = await window.showQuickPick(drawn, {
    ...options,
    ...(title === undefined ? {} : { title: plainText(title) }),
    ...(placeHolder === undefined ? {} : { placeHolder: plainText(placeHolder) }),
  });
  return chosen === undefined ? undefined : rows[drawn.indexOf(chosen)];
}

interface ListAppearance {
  readonly title: string;
  readonly placeholder: string;
  /** The label of the initially active row, such as the one that the user came from. */
  readonly at?: string | undefined;
}

/** Like {@link showList}, for a list to which the user returns. */
export async function showListAt<R extends ListRow>(
  rows: readonly R[],
  appearance: ListAppearance,
): Promise<R | undefined> {
  const chosen = await choose(rows, appearance, []);
  return chosen === 'back' ? undefined : chosen;
}

/** Like {@link showListAt}, with *Back* to the previous list. */
export async function showListWithBack<R extends ListRow>(
  rows: readonly R[],
  appearance: ListAppearance,
): Promise<R | 'back' | undefined> {
  return choose(rows, appearance, [QuickInputButtons.Back]);
}

async function choose<R extends ListRow>(
  rows: readonly R[],
  { title, placeholder, at }: ListAppearance,
  buttons: readonly QuickInputButton[],
): Promise<R | 'back' | undefined> {
  const { promise, resolve } = Promise.withResolvers<R | 'back' | undefined>();
  const pick = new List<R>({ matchOnDescription: true });
  const end = (how: R | 'back' | undefined): void => {
    resolve(how);
    pick.hide();
  };
  pick.title = title;
  pick.placeholder = placeholder;
  pick.rows = rows;
  pick.buttons = buttons;
  const first = at === undefined ? undefined : rows.find(({ label }) => label === at);
  if (first !== undefined) pick.active = first;
  pick.onDidTriggerButton(() => end('back'));
  pick.onDidAccept(() => end(pick.selected));
  pick.onDidHide(() => resolve(undefined));
  pick.show();
  try {
    return await promise;
  } finally {
    pick.dispose();
  }
}

/** VS Code's Quick Pick with typed rows. */
export class List<R extends ListRow> implements Disposable {
  readonly #pick: QuickPick<QuickPickItem> = window.createQuickPick();
  #rows: readonly R[] = [];
  #drawn: readonly QuickPickItem[] = [];
  readonly onDidAccept = this.#pick.onDidAccept;
  readonly onDidHide = this.#pick.onDidHide;
  readonly onDidChangeValue = this.#pick.onDidChangeValue;
  readonly onDidChangeActive = this.#pick.onDidChangeActive;
  readonly onDidTriggerButton = this.#pick.onDidTriggerButton;

  constructor(
    options: Partial<
      Pick<
        QuickPick<QuickPickItem>,
        'ignoreFocusOut' | 'matchOnDescription' | 'matchOnDetail' | 'step' | 'totalSteps'
      >
    > = {},
  ) {
    Object.assign(this.#pick, options);
    this.#pick.onDidTriggerItemButton(({ item, button }) => {
      const index = item.buttons?.indexOf(button) ?? -1;
      this.#rowsOf([item])[0]?.buttons?.[index]?.press();
    });
  }

  set title(text: string) {
    this.#pick.title = plainText(text);
  }

  set placeholder(text: string) {
    this.#pick.placeholder = plainText(text);
  }

  set busy(isBusy: boolean) {
    this.#pick.busy = isBusy;
  }

  set value(text: string) {
    this.#pick.value = text;
  }

  set keepScrollPosition(isKept: boolean) {
    this.#pick.keepScrollPosition = isKept;
  }

  set buttons(buttons: readonly QuickInputButton[]) {
    this.#pick.buttons = buttons;
  }

  get rows(): readonly R[] {
    return this.#rows;
  }

  set rows(rows: readonly R[]) {
    this.#rows = rows;
    this.#drawn = rows.map(drawnRow);
    this.#pick.items = this.#drawn;
  }

  get active(): R | undefined {
    return this.#rowsOf(this.#pick.activeItems)[0];
  }

  set active(row: R | undefined) {
    this.#pick.activeItems = this.#drawn.filter((_, index) => row !== undefined && this.#rows[index] === row);
  }

  get selected(): R | undefined {
    return this.#rowsOf(this.#pick.selectedItems)[0];
  }

  show(): void {
    this.#pick.show();
  }

  hide(): void {
    this.#pick.hide();
  }

  dispose(): void {
    this.#pick.dispose();
  }

  #rowsOf(items: readonly QuickPickItem[]): readonly R[] {
    return items.flatMap((item) => this.#rows[this.#drawn.indexOf(item)] ?? []);
  }
}

function drawnRow({ label, icon, description, detail, kind, alwaysShow, buttons }: ListRow): QuickPickItem {
  return {
    label: plainText(label),
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
    ...(description === undefined ? {} : { description: plainText(description) }),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
    ...defined({ kind, alwaysShow }),
    ...(buttons === undefined ? {} : { buttons: buttons.map(drawnButton) }),
  };
}

function drawnButton({ icon, label }: RowButton): QuickInputButton {
  return { iconPath: new ThemeIcon(icon), tooltip: plainText(label) };
}

/** Reaction time to a changed list, in milliseconds: long enough to hold back a key press. */
const reactionMilliseconds = 500;

/** A row of a list that updates itself. Rows with the same key are the same to the user. */
export interface StableRow {
  /** Absent for a separator, which takes no room. */
  readonly key?: string;
  /** A second line. */
  readonly detail?: string;
  /** The action; a row without one only informs. */
  readonly choose?: () => unknown;
}

/** Tracks the rows of a list, to keep a row from changing under the cursor. */
export interface StableRows<R extends StableRow> {
  /**
   * Replaces the rows.
   * @param active the currently active row
   * @param preferred the key of the row to activate, unless the user has moved to another one that still exists
   * @returns the row to activate
   */
  replace(rows: readonly R[], active: R | undefined, preferred: string): R | undefined;
  /** Whether the user who accepts this row can mean it: no other row was in its place a moment ago. */
  isMeant(row: R): boolean;
}

/** Creates the rows of a list. @param now epoch milliseconds */
export function createStableRows<R extends StableRow>(now: () => number): StableRows<R> {
  let rows: readonly R[] = [];
  let before: readonly R[] = [];
  let changedAt = 0;
  let lastPreferred = '';
  return {
    replace: (next, active, preferred) => {
      const hasMoved = active?.key !== undefined && active.key !== lastPreferred;
      const kept = hasMoved ? next.find(({ key }) => key === active.key) : undefined;
      if (next.length !== rows.length || next.some((row, index) => !isLike(row, rows[index]))) {
        before = rows;
        changedAt = now();
      }
      rows = next;
      lastPreferred = preferred;
      return kept ?? next.find(({ key }) => key === preferred);
    },
    isMeant: (row) => {
      if (now() - changedAt >= reactionMilliseconds) return true;
      const place = placesOf(rows).find((one) => one.row === row);
      const stood = placesOf(before).filter(
        ({ from, to }) => place !== undefined && from < place.to && place.from < to,
      );
      return stood.every((one) => one.row.choose === undefined || one.row.key === row.key);
    },
  };
}

/** Whether two rows have the same key and height. */
function isLike(one: StableRow, other: StableRow | undefined): boolean {
  return one.key === other?.key && (one.detail === undefined) === (other?.detail === undefined);
}

/** The position of each row, in lines from the top. */
function placesOf<R extends StableRow>(rows: readonly R[]) {
  let from = 0;
  return rows.map((row) => {
    const lines = row.key === undefined ? 0 : row.detail === undefined ? 1 : 2;
    const place = { row, from, to: from + lines };
    from = place.to;
    return place;
  });
}
