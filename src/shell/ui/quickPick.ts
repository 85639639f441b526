import { ThemeIcon, window } from 'vscode';
import type { Disposable, QuickInputButton, QuickPick, QuickPickItem, QuickPickOptions } from 'vscode';
import { plainText, withIcon } from './plainText.ts';
import { defined } from '../../core/defined.ts';

/** A row of a list. Its icon does not belong to its label: text draws none. */
export interface ListRow {
  readonly label: string;
  readonly icon?: string | undefined;
  readonly description?: string | undefined;
  readonly detail?: string;
  readonly kind?: QuickPickItem['kind'];
  readonly alwaysShow?: boolean;
  /** Buttons at its end, which Tab reaches. Only a {@link List} presses them. */
  readonly buttons?: readonly RowButton[];
}

/** A button of a row: its label is read aloud, and shown as its hover. */
export interface RowButton {
  readonly icon: string;
  readonly label: string;
  readonly press: () => unknown;
}

type ListOptions = Pick<QuickPickOptions, 'title' | 'placeHolder' | 'ignoreFocusOut' | 'matchOnDescription'>;

/** Shows a list. @returns the row that was chosen; undefined when it was closed */
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

/** VS Code's Quick Pick with rows of this product's own. */
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
    label: withIcon(icon, label),
    ...(description === undefined ? {} : { description: plainText(description) }),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
    ...defined({ kind, alwaysShow }),
    ...(buttons === undefined ? {} : { buttons: buttons.map(drawnButton) }),
  };
}

function drawnButton({ icon, label }: RowButton): QuickInputButton {
  return { iconPath: new ThemeIcon(icon), tooltip: plainText(label) };
}
