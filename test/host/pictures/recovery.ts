// Takes pictures of failed sign-ins and confirmations, by chapter:
// node test/tools/package.ts && node test/host/pictures/recovery.ts [theme] [chapter]   ->
// dist/pictures/<theme>-recovery-<what>.png
import { openScene, type SceneOptions } from '../scene.ts';
import { cameraFor, pictureSize, themes, type Theme } from './camera.ts';
import { accountChapters } from './recoveryAccounts.ts';
import type { Chapter, Stage } from './recoveryChapter.ts';
import { identityCenterChapters } from './recoveryIdentityCenter.ts';
import { codespaceChapters, oktaChapters } from './recoveryOkta.ts';

const sandbox = { okta: { ownRedirectUris: false, deviceIntervalSeconds: 1 } };
/** Chapters that share a scene, in order. */
const books: readonly (readonly [options: SceneOptions, chapters: Readonly<Record<string, Chapter>>])[] = [
  [{ sandbox }, { ...identityCenterChapters, ...oktaChapters }],
  [{ sandbox: {} }, accountChapters],
  [{ sandbox, hostName: 'code.example.com' }, codespaceChapters],
];

async function take(theme: Theme, options: SceneOptions, chapters: readonly [string, Chapter][]) {
  const failed: string[] = [];
  const scene = await openScene({ ...options, browser: { theme, size: pictureSize } });
  try {
    const camera = cameraFor(theme);
    const window = await scene.openWindow('my-project');
    const { page } = window;
    const stage: Stage = {
      scene,
      window,
      probe: await window.probe(),
      take: (what, of = page) => camera(`recovery-${what}`, of),
      takeAsItIs: (what) => camera(`recovery-${what}`, page),
      clear: async () => {
        await page.bringToFront();
        for (let times = 0; times < 3; times++) await page.keyboard.press('Escape');
        await window.runCommand('Notifications: Clear All Notifications');
        await page.mouse.move(700, 600); // Move the pointer away from anything with a hover.
      },
    };
    for (const [name, chapter] of chapters) {
      try {
        await chapter(stage);
      } catch (error) {
        console.error(`${theme} ${name}:`, error);
        failed.push(name);
        await stage.take(`failed-${name}`);
      }
      scene.sandbox.faults.clear();
      await scene.forgetPeople();
      await stage.clear();
      // The extension host may have been replaced.
      await (await window.probe()).updateSetting('developerSignIn.connections', scene.connections);
    }
  } finally {
    await scene.close();
  }
  return failed;
}

for (const theme of themes) {
  for (const [options, all] of books) {
    const wanted = Object.keys(all).filter((name) => process.argv.includes(name));
    const isAny = books.some(([, each]) => Object.keys(each).some((name) => process.argv.includes(name)));
    const chapters = Object.entries(all).filter(([name]) => !isAny || wanted.includes(name));
    if (chapters.length > 0 && (await take(theme, options, chapters)).length > 0) process.exitCode = 1;
  }
}
