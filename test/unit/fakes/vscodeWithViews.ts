import type { TreeDataProvider, TreeItem as Item } from 'vscode';
import { screen } from './screen.ts';
import { EventEmitter, Uri } from './vscode.ts';
import {
  commands as commandsOnScreen,
  window as windowOnScreen,
  workspace as workspaceOnScreen,
} from './vscodeOnScreen.ts';

/**
 * VS Code's API with views, files and commands, over {@link screen}:
 * `vi.mock('vscode', async () => import('…/vscodeWithViews.ts'))`.
 */
export * from './vscodeOnScreen.ts';

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
export const TreeItemCheckboxState = { Unchecked: 0, Checked: 1 } as const;

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;

  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class MarkdownString {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

type FileUri = ReturnType<typeof Uri.parse>;

/** A tree as a user sees it: its lines, and their checkboxes and commands. */
class FakeTree<T> {
  description = '';
  message = '';
  visible = true;
  readonly revealed: T[] = [];
  readonly #provider: TreeDataProvider<T>;
  readonly #ticked = new EventEmitter<{ readonly items: readonly (readonly [T, number])[] }>();
  readonly onDidChangeCheckboxState = this.#ticked.event;

  constructor(provider: TreeDataProvider<T>) {
    this.#provider = provider;
  }

  /** The lines of this level, or below `node`. */
  lines(node?: T): readonly Item[] {
    const children = this.#provider.getChildren(node) as readonly T[];
    return children.map((child) => this.#provider.getTreeItem(child) as Item);
  }

  /** The node whose line has this label, at any level. */
  node(label: string, under?: T): T {
    const found = this.#find(label, under);
    if (found === undefined) throw new Error(`No line ${label}`);
    return found;
  }

  tick(label: string, isTicked: boolean): void {
    const state = isTicked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked;
    this.#ticked.fire({ items: [[this.node(label), state]] });
  }

  async reveal(node: T): Promise<void> {
    this.revealed.push(node);
  }

  dispose(): void {
    views.tree = undefined;
  }

  #find(label: string, under?: T): T | undefined {
    for (const child of this.#provider.getChildren(under) as readonly T[]) {
      if ((this.#provider.getTreeItem(child) as Item).label === label) return child;
      const below = this.#find(label, child);
      if (below !== undefined) return below;
    }
    return undefined;
  }
}

/** The visible view, the product's commands, and the files. */
export const views = {
  tree: undefined as FakeTree<unknown> | undefined,
  handlers: new Map<string, (...args: readonly unknown[]) => unknown>(),
  files: new Map<string, Uint8Array>(),
  /** The result of the next file dialog. */
  file: undefined as string | undefined,
  clear: () => {
    views.tree = undefined;
    views.file = undefined;
    views.handlers.clear();
    views.files.clear();
    screen.clear();
  },
};

const answeredFile = (): FileUri | undefined =>
  views.file === undefined ? undefined : Uri.parse(views.file);

export const window = {
  ...windowOnScreen,
  createTreeView: <T>(_id: string, { treeDataProvider }: { treeDataProvider: TreeDataProvider<T> }) => {
    const tree = new FakeTree(treeDataProvider);
    views.tree = tree as FakeTree<unknown>;
    return tree;
  },
  withProgress: async <T>(_options: unknown, work: () => Promise<T>) => work(),
  showSaveDialog: async () => answeredFile(),
  showOpenDialog: async () => {
    const file = answeredFile();
    return file === undefined ? undefined : [file];
  },
};

export const commands = {
  ...commandsOnScreen,
  registerCommand: (name: string, handler: (...args: readonly unknown[]) => unknown) => {
    views.handlers.set(name, handler);
    return { dispose: () => views.handlers.delete(name) };
  },
};

export const workspace = {
  ...workspaceOnScreen,
  workspaceFolders: undefined,
  fs: {
    stat: async ({ path }: FileUri) => ({ size: contentOf(path).length }),
    readFile: async ({ path }: FileUri) => contentOf(path),
    writeFile: async ({ path }: FileUri, content: Uint8Array) => void views.files.set(path, content),
  },
};

function contentOf(path: string): Uint8Array {
  const content = views.files.get(path);
  if (content === undefined) throw new Error(`No file ${path}`);
  return content;
}
