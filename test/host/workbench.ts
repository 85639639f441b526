import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';

import { accountsMenuOf, type AccountsMenu } from './accountsMenu.ts';
import { dialogsOf, type Dialogs } from './dialog.ts';
import { notificationsOf, type Notifications } from './notifications.ts';
import { eventually } from './eventually.ts';
import { attachProbe, type Probe } from './probe.ts';
import { quickInputOf, watchQuickInput, type QuickInput } from './quickInput.ts';
import { statusBarOf, type StatusBar } from './statusBar.ts';
import type { VsCodeHost } from './vscodeHost.ts';

/** One window of VS Code, as the person in front of it sees and uses it. */
export interface Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly dialogs: Dialogs;
  readonly notifications: Notifications;
  readonly statusBar: StatusBar;
  readonly accounts: AccountsMenu;
  /** Runs a command from the palette, by the title that stands there: `Category: Title`. */
  runCommand(title: string): Promise<void>;
  /** The titles that the palette offers for a text. */
  findCommands(text: string): Promise<readonly string[]>;
  /** The probe of this window; of the new extension host after a reload. */
  probe(): Promise<Probe>;
  clipboard(): Promise<string>;
  /** Loads the window anew, as a restarted server needs it too. */
  reload(): Promise<void>;
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly host: VsCodeHost;
  /** Windows in one context share cookies, storage and so VS Code's secrets. */
  readonly context: BrowserContext;
  /** The folder it opens, by its name among the host's workspaces: one a window, or the probe cannot tell them apart. */
  readonly folder?: string;
  /** In pixels; the browser's unless told. */
  readonly size?: { readonly width: number; readonly height: number };
}

const READY_TIMEOUT_MS = 60_000;
const PALETTE = 'Type the name of a command to run.';

/** Opens a window and waits until it is drawn. Its extensions may still be starting: wait for what they show, or `probe()`. */
export async function openWorkbench({
  host,
  context,
  folder = 'one',
  size,
}: WorkbenchOptions): Promise<Workbench> {
  const workspaceFolder = join(host.folders.workspaces, folder);
  mkdirSync(workspaceFolder, { recursive: true });
  const page = await emptyPage(context);
  if (size !== undefined) await page.setViewportSize(size);
  const quickInput = quickInputOf(page);
  let since = Date.now();
  await page.goto(`${host.url}/?${new URLSearchParams({ folder: workspaceFolder })}`);
  await untilDrawn(page);

  // A page in a tab that is still being drawn hands on no key, and what is drawn late takes the focus, so that the palette is
  // gone as it comes: a person presses F1 again.
  const openPalette = (text: string) =>
    eventually('the palette', async () => {
      await page.keyboard.press('F1');
      await quickInput.waitFor({ placeholder: PALETTE }, { timeoutMs: 3000 });
      await quickInput.type(`>${text}`);
      return true;
    });
  return {
    page,
    quickInput,
    dialogs: dialogsOf(page, context),
    notifications: notificationsOf(page),
    statusBar: statusBarOf(page),
    accounts: accountsMenuOf(page),
    runCommand: async (title) => {
      for (let tries = 1; ; tries += 1) {
        await openPalette(title);
        try {
          await quickInput.pick(title, { timeoutMs: 10_000 });
          return;
        } catch (error) {
          // A palette that was opened before the extension had started does not learn which commands there are, and one
          // that has lost the focus is gone. A person opens it again.
          if (tries === 3) throw error;
          await quickInput.hide();
        }
      }
    },
    findCommands: async (text) => {
      await openPalette(text);
      const { items } = await quickInput.waitFor({ item: /./ });
      await quickInput.hide();
      return items.map(({ label }) => label);
    },
    probe: () => attachProbe(host.folders.probe, { workspaceFolder, since }),
    clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    reload: async () => {
      since = Date.now();
      await page.reload();
      await untilDrawn(page);
    },
    screenshot: async (file) => {
      await page.screenshot({ path: file });
    },
    close: () => page.close(),
  };
}

/** A browser starts with an empty page, which the first window takes. */
async function emptyPage(context: BrowserContext): Promise<Page> {
  return context.pages().find((page) => page.url() === 'about:blank') ?? (await context.newPage());
}

async function untilDrawn(page: Page): Promise<void> {
  await page
    .locator('.monaco-workbench .part.statusbar .statusbar-item')
    .first()
    .waitFor({ timeout: READY_TIMEOUT_MS });
  await page.evaluate(watchQuickInput);
}
