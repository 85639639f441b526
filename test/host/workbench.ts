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

/** One window of VS Code, from a user's perspective. */
export interface Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly dialogs: Dialogs;
  readonly notifications: Notifications;
  readonly statusBar: StatusBar;
  readonly accounts: AccountsMenu;
  /** Runs a command from the palette by its displayed title, `Category: Title`. */
  runCommand(title: string): Promise<void>;
  /** The titles that the palette lists for a text. */
  findCommands(text: string): Promise<readonly string[]>;
  /** The probe of this window; after a reload, that of the new extension host. */
  probe(): Promise<Probe>;
  clipboard(): Promise<string>;
  /** Reloads the window, which a restarted server also requires. */
  reload(): Promise<void>;
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly host: VsCodeHost;
  /** Windows in one context share cookies, storage and VS Code's secrets. */
  readonly context: BrowserContext;
  /**
   * The folder to open, by its name in the host's workspaces: one per window, so that the probe can distinguish
   * them.
   */
  readonly folder?: string;
  /** In pixels; the browser's by default. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A workbench loads in two seconds; on a machine with twenty other programs, it took more than thirty. */
const READY_TIMEOUT_MS = 120_000;
const PALETTE = 'Type the name of a command to run.';

/**
 * Opens a window and waits until it is drawn. Extensions may still be starting: wait for their UI, or for
 * `probe()`.
 */
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
  await page.goto(`${host.url}/?${new URLSearchParams({ folder: workspaceFolder })}`, {
    timeout: READY_TIMEOUT_MS,
  });
  await untilDrawn(page);

  // A page in a tab that is still being drawn ignores keys, and takes focus when it appears, which closes the
  // palette: press F1 again, as a user would.
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
          // A palette opened before the extension started does not show its commands, and one that lost focus
          // closes. Open it again.
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
      await page.reload({ timeout: READY_TIMEOUT_MS });
      await untilDrawn(page);
    },
    screenshot: async (file) => {
      await page.screenshot({ path: file });
    },
    close: () => page.close(),
  };
}

/** A browser starts with an empty page, which the first window reuses. */
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
