// Takes pictures of every screen in every theme and several sizes:
// node test/tools/package.ts && node test/host/pictures/screens.ts [light|dark|highContrast] [1280|900|640]
// [chapter …]
// -> dist/pictures/<theme>-<width>/<chapter>-<what>.png
// Uses one VS Code for all: opens each screen once, and photographs it in one look after another.
import { openScene } from '../scene.ts';
import { looks, picturesFolder, takeAsItIs, takeInEveryLook } from './camera.ts';
import { accountChapters } from './recoveryAccounts.ts';
import type { Chapter, Stage } from './recoveryChapter.ts';
import { identityCenterChapters } from './recoveryIdentityCenter.ts';
import { oktaChapters } from './recoveryOkta.ts';
import { screensOfAccounts } from './screensAccounts.ts';
import { screensOfConnections } from './screensConnections.ts';
import { screensOfNewcomers } from './screensNewcomer.ts';
import { screensOfSetup } from './screensSetup.ts';
import { screensOfSignIn } from './screensSignIn.ts';
import { screensOfTools } from './screensTools.ts';

const { refused, proxy, wrongStartUrl } = identityCenterChapters;
const { oktaRefused, scope, client } = oktaChapters;
const all: Readonly<Record<string, Chapter | undefined>> = {
  ...screensOfNewcomers,
  ...screensOfSignIn,
  ...{ refused, proxy, oktaRefused, scope },
  ...screensOfAccounts,
  ...screensOfTools,
  ...screensOfConnections,
  ...screensOfSetup,
  ...{ wrongStartUrl, client },
  ended: accountChapters['ended'],
  lost: accountChapters['lost'],
};

const isAny = process.argv.some((one) => one in all);
const chapters = Object.entries(all).filter(([name]) => !isAny || process.argv.includes(name));
const [first] = looks;
if (first === undefined) throw new Error('No look was specified.');
const scene = await openScene({
  connected: true,
  browser: { theme: first.theme, size: first.size },
  sandbox: {
    okta: { deviceIntervalSeconds: 1 },
    openIdConnect: { deviceGrant: false },
  },
  settings: { 'developerSignIn.connections': [] },
});
try {
  const window = await scene.openWindow('my-project');
  const { page } = window;
  const stage = async (chapter: string): Promise<Stage> => ({
    scene,
    window,
    probe: await window.probe(), // The extension host may have been replaced.
    take: (what, of = page) => takeInEveryLook(`${chapter}-${what}`, of),
    takeAsItIs: (what) => takeAsItIs(`${chapter}-${what}`, page),
    clear,
  });
  for (const [name, chapter] of chapters) {
    const began = Date.now();
    const here = await stage(name);
    const isNew = name in screensOfNewcomers;
    await here.probe.updateSetting('developerSignIn.connections', isNew ? [] : scene.connections);
    await here.probe.updateSetting('developerSignIn.okta.redirectPorts', undefined);
    try {
      await chapter?.(here);
    } catch (error) {
      console.error(`${name}:`, error);
      process.exitCode = 1;
      await here.takeAsItIs('failed').catch(() => undefined);
    }
    scene.sandbox.faults.clear();
    await scene.forgetPeople();
    for (const other of scene.browser.context.pages()) if (other !== page) await other.close();
    await clear();
    console.log(`${name}: ${Math.round((Date.now() - began) / 1000)} s`);
  }

  async function clear(): Promise<void> {
    await page.bringToFront();
    for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
    await window.runCommand('Notifications: Clear All Notifications');
    await page.mouse.move(700, 600); // Move the pointer away from anything with a hover.
  }
} finally {
  await scene.close();
}
console.log(`Pictures: ${picturesFolder}`);
