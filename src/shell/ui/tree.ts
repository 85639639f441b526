import { TreeItem, TreeItemCheckboxState, ThemeIcon, Uri, window } from 'vscode';
import type {
  AccessibilityInformation,
  Disposable,
  Event,
  TreeCheckboxChangeEvent,
  TreeDataProvider,
  TreeItemCollapsibleState,
  TreeView,
} from 'vscode';
import { hover } from './hover.ts';
import { plainLines, plainText } from './plainText.ts';

/** The appearance of a tree line. */
export interface TreeLine {
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon?: ThemeIcon | string;
  readonly state: TreeItemCollapsibleState;
  readonly id?: string;
  readonly contextValue: string;
  /** Paragraphs. */
  readonly hover?: readonly string[];
  /** Text for screen readers, in place of label and description. */
  readonly spoken?: string;
  /** Whether its check box is checked; absent without one. */
  readonly isTicked?: boolean;
  /** The address that a click opens in the browser; always one of ours. */
  readonly opens?: string;
}

/** A tree item whose text displays no links or icons. */
export function treeItem(line: TreeLine): TreeItem {
  const item = new TreeItem(plainText(line.label), line.state);
  const spoken: AccessibilityInformation | undefined =
    line.spoken === undefined ? undefined : { label: plainText(line.spoken) };
  item.contextValue = line.contextValue;
  if (line.id !== undefined) item.id = line.id;
  if (line.description !== undefined) item.description = plainText(line.description);
  if (line.icon !== undefined)
    item.iconPath = typeof line.icon === 'string' ? new ThemeIcon(line.icon) : line.icon;
  if (line.hover !== undefined)
    item.tooltip = hover(line.hover.map((text) => ({ lines: plainLines(text).split('\n') })));
  if (spoken !== undefined) item.accessibilityInformation = spoken;
  if (line.opens !== undefined)
    item.command = { command: 'vscode.open', title: '', arguments: [Uri.parse(line.opens)] };
  if (line.isTicked !== undefined)
    item.checkboxState = {
      state: line.isTicked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
      ...(spoken === undefined ? {} : { accessibilityInformation: { ...spoken, role: 'checkbox' } }),
    };
  return item;
}

/** A tree view with check boxes. */
export class Tree<T> implements Disposable {
  readonly #view: TreeView<T>;
  readonly onDidChangeCheckboxState: Event<TreeCheckboxChangeEvent<T>>;

  constructor(viewId: string, treeDataProvider: TreeDataProvider<T>) {
    this.#view = window.createTreeView(viewId, {
      treeDataProvider,
      showCollapseAll: true,
      manageCheckboxStateManually: true,
    });
    this.onDidChangeCheckboxState = this.#view.onDidChangeCheckboxState;
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  /** Text beside the view's title. */
  set description(text: string) {
    this.#view.description = plainText(text);
  }

  /** Text above the lines. */
  set message(text: string) {
    this.#view.message = plainLines(text);
  }

  /** Reveals and selects a line. */
  async reveal(node: T): Promise<void> {
    await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    this.#view.dispose();
  }
}
