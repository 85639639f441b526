// Takes pictures of every state of the status:   node test/tools/package.ts && node
// test/host/pictures/status.ts [theme]
import { setTimeout as sleep } from 'node:timers/promises';

import { people, type Person } from '../../sandbox/people.ts';
import { COMMANDS, finishSignIn, signIn, signInAtOkta, startSignIn, statusShows } from '../asPerson.ts';
import { detailsPageShows } from '../detailsPage.ts';
import { EXTENSION_ID, openScene } from '../scene.ts';
import type { Workbench } from '../workbench.ts';
import { cameraFor, pictureSize, themes, type Theme } from './camera.ts';

const [ana, ben] = people as unknown as readonly [Person, Person];
const OKTA_SECONDS = 36;

export async function takeStatusPictures(theme: Theme): Promise<void> {
  const scene = await openScene({
    browser: { theme, size: pictureSize },
    sandbox: { okta: { accessTokenSeconds: OKTA_SECONDS } },
  });
  try {
    const camera = cameraFor(theme);
    const window = await scene.openWindow('my-project');
    const { quickInput, page } = window;
    const take = (what: string) => camera(`state-${what}`, page);

    await statusShows(window, /: Sign In$/);
    await takeTooltip(window, () => take('signed-out'));
    await startSignIn(window, 'okta');
    await statusShows(window, /^Signing in…$/);
    await window.dialogs.waitFor(/open the external website/);
    await take('signing-in');
    await finishSignIn(window, 'okta');
    await statusShows(window, /^ana@/);
    await takeTooltip(window, () => take('signed-in'));

    await signIn(window, 'identityCenter');
    await act(window, 'ana@', 'Use a Different Account');
    const other = await window.dialogs.openExternal();
    await signInAtOkta(other, ben);
    await other.close();
    await statusShows(window, /^3 accounts$/);
    await act(window, 'ben@', 'Set as Default Account');
    await takeTooltip(window, () => take('several'));
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /preferred/ });
    await take('picker');
    await quickInput.pick(/^\s*d-/);
    await quickInput.waitFor({ item: 'Details' });
    await take('actions');
    await quickInput.hide();
    await act(window, 'ana@', 'Refresh Token');
    await act(window, 'ana@', 'Details');
    await detailsPageShows(page, /scp/);
    await take('details');
    await page.mouse.move(500, 400);
    await page.mouse.wheel(0, 3000);
    await take('details-end');
    await window.runCommand('View: Close All Editors');

    const at = ['okta.token:refresh_token', 'identityCenter.createToken:refresh_token'];
    scene.sandbox.faults.add(...at.map((each) => ({ at: each, drop: 'before' as const, times: Infinity })));
    for (const account of ['ana@', 'ben@', 'd-']) {
      await refresh(account);
      await window.notifications.waitFor(/couldn’t be reached/);
      await window.runCommand('Notifications: Clear All Notifications');
    }
    await statusShows(window, /\(offline\)$/);
    await takeTooltip(window, () => take('offline'));
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ben@/ });
    await take('offline-picker');
    await quickInput.pick(/ana@/);
    await quickInput.waitFor({ item: 'Details' });
    await take('offline-actions');
    await quickInput.hide();
    scene.sandbox.faults.clear();
    await statusShows(window, /^3 accounts$/, 60_000);

    await endBoth();
    await statusShows(window, /^Sign In Again$/, OKTA_SECONDS * 1000);
    await window.notifications.waitFor(/cannot be renewed/);
    await take('ends-soon');
    await takeTooltip(window, () => take('needs-you'));
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: 'Sign In Again' });
    await take('needs-you-picker');
    await quickInput.pick(/^\s*ana@/);
    await quickInput.waitFor({ item: /^Ended/ });
    await take('needs-you-actions');
    await quickInput.hide();
    await signInAgain();

    // A third session ends after the same time.
    await endBoth();
    await statusShows(window, /^Sign In Again$/, OKTA_SECONDS * 1000);
    await window.notifications.waitFor(/cannot be renewed/); // Both have ended by then.
    await signInAgain();
    await takeTooltip(window, () => take('usual-end'));
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.pick(/^\s*ben@/);
    await quickInput.waitFor({ item: /full/ });
    await take('usual-end-actions');
    await quickInput.hide();

    // By keyboard: the pointer would show a row's hover over the next row.
    async function refresh(account: string): Promise<void> {
      await window.runCommand(COMMANDS.refresh);
      await quickInput.waitFor({ placeholder: /^Select an account to refresh/ });
      await quickInput.type(account);
      await quickInput.accept();
    }

    async function endBoth(): Promise<void> {
      for (const { username } of [ana, ben]) {
        scene.sandbox.okta.endSessions(username);
        await refresh(username);
        await window.notifications.waitFor(/Your session at .* has expired/);
        await window.runCommand('Notifications: Clear All Notifications');
      }
    }

    async function signInAgain(): Promise<void> {
      await quickInput.waitUntilClosed();
      await window.statusBar.click(EXTENSION_ID);
      await quickInput.waitFor({ title: /^Sign-in status/ });
      await quickInput.pick('Sign In Again');
      let open = [ana, ben];
      while (open.length > 0) {
        const names = open.map(({ username }) => username).join('|');
        const { title } = await quickInput.waitFor({ title: new RegExp(`^Sign In with Okta: .*(${names})`) });
        const person = title.includes(ana.username) ? ana : ben;
        open = open.filter((one) => one !== person);
        const opened = await window.dialogs.openExternal();
        await signInAtOkta(opened, person);
        await opened.close();
      }
      await statusShows(window, /^3 accounts$/);
      await quickInput.waitUntilClosed();
    }
  } finally {
    await scene.close();
  }
}

/** Hovers over the item until its tooltip appears. */
async function takeTooltip({ page }: Workbench, take: () => Promise<void>): Promise<void> {
  await page.mouse.move(600, 300);
  await page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).hover();
  await sleep(1500);
  await take();
  await page.mouse.move(600, 300);
}

async function act(window: Workbench, account: string, action: string): Promise<void> {
  // A page in the background does not draw what opens in it.
  await window.page.bringToFront();
  await window.statusBar.click(EXTENSION_ID);
  await window.quickInput.pick(new RegExp(`^\\s*${account}`));
  await window.quickInput.pick(action);
}

if (import.meta.main) {
  for (const theme of themes) await takeStatusPictures(theme);
}
