import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';

import type { AccountsMenu } from '../host/accountsMenu.ts';
import type { Dialogs, DialogState } from '../host/dialog.ts';
import { eventually, fits } from '../host/eventually.ts';
import type { Notifications, NotificationState } from '../host/notifications.ts';
import { attachProbe } from '../host/probe.ts';
import { quickInputOf, watchQuickInput } from '../host/quickInput.ts';
import type { StatusBar, StatusBarItem } from '../host/statusBar.ts';
import type { Workbench } from '../host/workbench.ts';
import type { TheiaHost } from './theiaHost.ts';

const READY_TIMEOUT_MS = 120_000;

/**
 * A window of Theia with the interface of a VS Code window: its quick input is VS Code's, and Theia draws the
 * rest.
 */
export async function openTheia(
  host: TheiaHost,
  context: BrowserContext,
  folder = 'one',
): Promise<Workbench> {
  const workspaceFolder = join(host.folders.workspaces, folder);
  mkdirSync(workspaceFolder, { recursive: true });
  const page = context.pages().find((one) => one.url() === 'about:blank') ?? (await context.newPage());
  const quickInput = quickInputOf(page);
  let since = Date.now();
  await page.goto(`${host.url}/#${workspaceFolder}`);
  await untilDrawn(page);

  const openPalette = (text: string) =>
    eventually('the palette', async () => {
      await page.keyboard.press('F1');
      await quickInput.waitFor({}, { timeoutMs: 3000 });
      await page.evaluate(watchQuickInput);
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
      await openPalette(title);
      await quickInput.pick(title);
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

async function untilDrawn(page: Page): Promise<void> {
  await page.locator('#theia-statusBar .element').first().waitFor({ timeout: READY_TIMEOUT_MS });
  await page.locator('.theia-preload').waitFor({ state: 'detached', timeout: READY_TIMEOUT_MS });
}

function dialogsOf(page: Page, context: BrowserContext): Dialogs {
  const box = page.locator('.dialogOverlay .dialogBlock');
  // Theia opens pages without a question, possibly before a test waits for one.
  const opened: Page[] = [];
  context.on('page', (one) => opened.push(one));
  const state = () =>
    box.evaluateAll((boxes): DialogState | undefined => {
      const shown = boxes.find((one) => one.checkVisibility());
      if (!shown) return undefined;
      const text = (selector: string) => shown.querySelector(selector)?.textContent.trim() ?? '';
      return {
        // An extension's message has its detail below it; Theia's own dialogs have one text.
        message: text('.modal-Notification .text > p') || text('.dialogContent'),
        detail: text('.modal-Notification .detail'),
        buttons: [...shown.querySelectorAll('.dialogControl button')].map((one) => one.textContent.trim()),
      };
    });
  const waitFor: Dialogs['waitFor'] = (text, patience) =>
    eventually(
      `a dialog that says ${String(text)}`,
      async () => {
        const current = await state();
        return current && text.test(`${current.message}\n${current.detail}`) ? current : undefined;
      },
      patience,
    );
  const answer: Dialogs['answer'] = async (text, button, patience) => {
    const shown = await waitFor(text, patience);
    await box.locator('.dialogControl button').getByText(button, { exact: true }).click();
    return shown;
  };
  return {
    state,
    waitFor,
    answer,
    allowSignIn: (patience) => answer(/wants to sign in using/, 'Allow', patience),
    openExternal: async (patience) => {
      const next = await eventually('a page to open', () => opened.shift(), patience);
      next.once('close', () => {
        page.bringToFront().catch(() => undefined); // Unless it is also closed.
      });
      return next;
    },
  };
}

function notificationsOf(page: Page): Notifications {
  const toasts = page.locator('.theia-notification-toasts .theia-notification-list-item-container');
  const shown = () =>
    toasts.evaluateAll((all) =>
      all.map((toast): NotificationState => {
        const icon = toast.querySelector('.theia-notification-icon')?.firstElementChild?.classList;
        const severity = (['error', 'warning'] as const).find((name) => icon?.contains(name));
        return {
          severity: severity ?? 'info',
          message: toast.querySelector('.theia-notification-message')?.textContent.trim() ?? '',
          buttons: [...toast.querySelectorAll('.theia-notification-buttons button')].map((button) =>
            button.textContent.trim(),
          ),
        };
      }),
    );
  const waitFor: Notifications['waitFor'] = (message, patience) =>
    eventually(
      `a notification that says ${String(message)}`,
      async () => (await shown()).find((one) => message.test(one.message)),
      patience,
    );
  const click = async (message: RegExp, selector: string, text: string) => {
    await toasts.filter({ hasText: message }).locator(selector).getByText(text, { exact: true }).click();
  };
  return {
    shown,
    waitFor,
    follow: async (message, link, patience) => {
      await waitFor(message, patience);
      await click(message, 'a', link);
    },
    press: async (message, button, patience) => {
      await waitFor(message, patience);
      await click(message, 'button', button);
    },
  };
}

/** Theia identifies an item by the extension's own ID, which has the same prefix for all items of this extension. */
function statusBarOf(page: Page): StatusBar {
  const locator = page.locator('#theia-statusBar .element[id^="status-bar-developerSignIn."]');
  const items = () =>
    locator.evaluateAll((elements) =>
      elements.map((element): StatusBarItem => {
        const icons = [...element.querySelectorAll('.codicon')];
        const kinds = ['warning', 'error', 'prominent'] as const;
        return {
          id: element.id,
          text: element.textContent.replaceAll('\u00a0', ' ').trim(),
          ariaLabel: element.getAttribute('aria-label') ?? '',
          icons: icons.flatMap((icon) =>
            [...icon.classList]
              .filter((name) => name.startsWith('codicon-') && !name.startsWith('codicon-modifier'))
              .map((name) => name.slice('codicon-'.length)),
          ),
          spins: icons.some((icon) => /\bcodicon-modifier-spin|theia-animation-spin\b/.test(icon.className)),
          kind: kinds.find((kind) => element.classList.contains(`${kind}-kind`)) ?? 'standard',
          side: element.closest('.area')?.classList.contains('left') ? 'left' : 'right',
        };
      }),
    );
  return {
    items,
    waitFor: (_, text, patience) =>
      eventually(
        `a status bar item that shows ${String(text)}`,
        async () => (await items()).find((item) => text.test(item.text)),
        patience,
      ),
    click: async () => {
      await page.bringToFront();
      await locator.first().click();
    },
  };
}

/** At the bottom of the activity bar, as in VS Code. */
function accountsMenuOf(page: Page): AccountsMenu {
  const menus = page.locator('.lm-Menu');
  const entry = '.lm-Menu-item:not([data-type="separator"]):not(.lm-mod-disabled) .lm-Menu-itemLabel';
  const open = async () => {
    await page
      .locator('.theia-app-left .codicon-account, .theia-sidebar-menu .codicon-account')
      .first()
      .click();
    await menus.first().waitFor();
  };
  return {
    entries: async () => {
      await open();
      const read = await menus.first().locator(entry).allTextContents();
      // A menu with only a disabled entry ignores Escape; a click outside closes it.
      await page.mouse.click(640, 300);
      await menus.first().waitFor({ state: 'detached' });
      return read.map((label) => label.trim());
    },
    pick: async (...path) => {
      await open();
      for (const [depth, wanted] of path.entries()) {
        const items = menus.nth(depth).locator(entry);
        const index = await eventually(`${String(wanted)} in the Accounts menu`, async () => {
          const found = (await items.allTextContents()).findIndex((label) => fits(wanted, label.trim()));
          return found < 0 ? undefined : found;
        });
        await items.nth(index).click();
      }
    },
  };
}
