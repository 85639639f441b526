import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, type Browser } from './browser.ts';
import { keepEvidence } from './failureEvidence.ts';
import { packProbe } from './probe.ts';
import { startVsCodeHost, type VsCodeHost } from './vscodeHost.ts';
import { openWorkbench, type Workbench } from './workbench.ts';
let host: VsCodeHost;
let browser: Browser;
let w: Workbench;
const ID = 'developer-sign-in.developer-sign-in';
keepEvidence(() => ({ contexts: [browser.context], hosts: [host] }));
const t0 = Date.now();
const lap = (s: string) => console.log(s, Date.now() - t0);
beforeAll(async () => {
  host = await startVsCodeHost({ vsix: ['/tmp/trial.vsix', await packProbe()] });
  lap('host');
  browser = await launchBrowser({ theme: 'dark' });
  lap('browser');
  w = await openWorkbench({ host, context: browser.context });
  lap('drawn');
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});
test('probe', async () => {
  const probe = await w.probe();
  lap('probe ' + probe.pid);
  console.log(
    await probe.environment(),
    await probe.extension(ID),
    await probe.setting('trial.x'),
    await probe.commands('trial.'),
  );
  await expect(probe.executeCommand('trial.fail')).rejects.toMatchObject({
    kind: 'cancelled',
    name: 'SignInError',
  });
  expect(
    await probe.getSession({ providerId: 'trial', scopes: ['a'], options: { silent: true } }),
  ).toBeNull();
});
test('status', async () => {
  console.log(await w.statusBar.items(ID));
  await w.statusBar.waitFor(ID, /nobody/);
});
test('palette and inputs', async () => {
  console.log(await w.findCommands('Sign-In'));
  await w.runCommand('Sign-In: Sign in with Trial');
  console.log(await w.quickInput.waitFor({ title: 'Sign in' }));
  await w.quickInput.type('http://');
  console.log(await w.quickInput.waitFor({ message: /Not an https/ }));
  await w.quickInput.submit('https://x');
  console.log(JSON.stringify(await w.quickInput.waitFor({ title: 'Choose' })));
  await w.quickInput.pick('two');
  console.log(JSON.stringify(await w.quickInput.waitFor({ title: 'Waiting' })));
  await w.quickInput.pressButton('Copy', /Copy link/);
  await w.quickInput.pressButton('Info');
  await w.quickInput.waitFor({ title: 'Info pressed' });
  await w.screenshot('/tmp/z1.png');
  expect(await w.clipboard()).toBe('copied');
  await w.quickInput.hide();
  await w.quickInput.waitUntilClosed();
});
test('notification, openExternal', async () => {
  await w.runCommand('Sign-In: Notify');
  console.log(await w.notifications.waitFor(/Something/));
  await w.notifications.press(/Something/, 'Do it');
  console.log(await w.dialogs.state());
  const page = await w.dialogs.openExternal();
  console.log(page.url());
  await page.close();
  await w.notifications.waitFor(/opened true/);
  await w.runCommand('Sign-In: Notify');
  await w.notifications.press(/Something/, 'Leave it');
  console.log(await w.dialogs.answer(/Really/, 'Yes'));
  console.log(await w.notifications.shown());
});
test('consent', async () => {
  const probe = await w.probe();
  const asked = probe.getSession({ providerId: 'trial', scopes: ['a'], options: { createIfNone: true } });
  console.log(await w.dialogs.allowSignIn());
  console.log(await asked, await probe.sessionChanges(), await probe.getAccounts('trial'));
  console.log(await w.statusBar.waitFor(ID, /alice/));
  console.log(await w.accounts.entries());
});
test('reload', async () => {
  await w.reload();
  lap('reloaded');
  await w.statusBar.waitFor(ID, /alice/);
  lap('alice');
  console.log(
    (await w.probe()).pid,
    await (await w.probe()).getSession({ providerId: 'trial', scopes: ['a'], options: { silent: true } }),
  );
});
test('restart', async () => {
  await host.restart();
  lap('restarted');
  await w.reload();
  await w.statusBar.waitFor(ID, /alice/);
  lap('alice');
  await w.screenshot('/tmp/z2.png');
});
test('second window', async () => {
  const w2 = await openWorkbench({ host, context: browser.context, folder: 'two' });
  const p2 = await w2.probe();
  expect(p2.pid).not.toBe((await w.probe()).pid);
  lap('second');
  expect((await p2.getAccounts('trial')).length).toBe(1);
  await w2.close();
});
test('sign out by the menu', async () => {
  await w.accounts.pick(/alice/, 'Sign Out');
  await w.screenshot('/tmp/z3.png');
  console.log(await w.dialogs.answer(/sign out|signed out|used by/i, 'Sign Out'));
  await w.statusBar.waitFor(ID, /nobody/);
  expect(await (await w.probe()).getAccounts('trial')).toEqual([]);
  console.log(await (await w.probe()).unhandledErrors());
});
test('fails', async () => {
  await w.quickInput.waitFor({ title: 'x' }, { timeoutMs: 500 });
});
