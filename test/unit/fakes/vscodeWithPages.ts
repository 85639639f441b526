import { screen } from './screen.ts';
import { EventEmitter } from './vscode.ts';
import { window as windowOnScreen } from './vscodeOnScreen.ts';

/**
 * VS Code's API with webview pages in tabs, over {@link screen}: `vi.mock('vscode', async () =>
 * import('…/vscodeWithPages.ts'))`.
 */
export * from './vscodeOnScreen.ts';

export const ViewColumn = { Active: -1 } as const;

export class TabInputWebview {
  readonly viewType: string;

  constructor(viewType: string) {
    this.viewType = viewType;
  }
}

/** A tab with a page. */
class FakePage {
  readonly label: string;
  readonly input: TabInputWebview;
  readonly options: Readonly<Record<string, unknown>>;
  /** All content that it showed, newest last. */
  readonly contents: string[] = [];
  readonly #disposed = new EventEmitter<void>();

  constructor(viewType: string, title: string, options: Readonly<Record<string, unknown>>) {
    this.label = title;
    this.input = new TabInputWebview(viewType);
    this.options = options;
  }

  get html(): string {
    return this.contents.at(-1) ?? '';
  }

  /** The result of `createWebviewPanel`. */
  get panel() {
    const { contents } = this;
    return {
      webview: {
        set html(html: string) {
          contents.push(html);
        },
      },
      onDidDispose: this.#disposed.event,
      dispose: () => this.close(),
    };
  }

  /** Closes its tab. */
  close(): void {
    pages.open.splice(pages.open.indexOf(this), 1);
    this.#disposed.fire();
  }
}

/** Open pages, and tabs that are not this product's pages. */
export const pages = {
  open: [] as FakePage[],
  otherTabs: [] as { readonly label: string; readonly input: unknown }[],
  /** The only page. */
  get page(): FakePage {
    const [page, ...others] = pages.open;
    if (page === undefined || others.length > 0) throw new Error(`${pages.open.length} pages are open`);
    return page;
  },
  clear: () => {
    pages.open.length = 0;
    pages.otherTabs.length = 0;
    screen.clear();
  },
};

export const window = {
  ...windowOnScreen,
  createWebviewPanel: (
    viewType: string,
    title: string,
    _column: number,
    options: Readonly<Record<string, unknown>>,
  ) => {
    const page = new FakePage(viewType, title, options);
    pages.open.push(page);
    return page.panel;
  },
  tabGroups: {
    get all() {
      return [{ tabs: [...pages.otherTabs] }, { tabs: [...pages.open] }];
    },
    close: async (tabs: readonly (FakePage | { readonly label: string })[]) => {
      for (const tab of tabs) {
        if (tab instanceof FakePage) tab.close();
        else
          pages.otherTabs.splice(0, pages.otherTabs.length, ...pages.otherTabs.filter((one) => one !== tab));
      }
    },
  },
};
