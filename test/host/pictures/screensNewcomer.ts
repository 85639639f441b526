import { COMMANDS, statusShows } from '../asPerson.ts';
import { EXTENSION_ID } from '../scene.ts';
import { openWalkthrough } from '../walkthrough.ts';
import type { Workbench } from '../workbench.ts';
import type { Chapter } from './recoveryChapter.ts';

/** First use after the installation, without any configuration. */
export const screensOfNewcomers: Readonly<Record<string, Chapter>> = {
  new: async ({ window, take, takeAsItIs }) => {
    const { quickInput, page } = window;
    await statusShows(window, /: Sign In$/);
    await take('window');
    await page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).hover();
    await page.waitForTimeout(1500);
    await takeAsItIs('tooltip');
    await page.mouse.move(600, 300);
    for (const text of ['sso', 'sign in', 'login', 'aws', 'okta']) await palette(window, text, take);
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: 'Okta' });
    await take('accounts');
    await quickInput.hide();
    await window.runCommand(COMMANDS.signIn);
    await quickInput.waitFor({ title: 'Sign In', item: 'Okta' });
    await take('picker');
    await quickInput.pick('Help me choose');
    await page.locator('.getting-started-step').first().waitFor();
    await take('help');
    await window.runCommand('View: Close All Editors');
  },

  forms: async ({ scene, window, take }) => {
    const { quickInput } = window;
    const { identityCenter, okta, openIdConnect } = scene.sandbox;
    await window.runCommand(COMMANDS.identityCenter);
    await quickInput.waitFor({ message: /start URL/ });
    await take('start-url');
    await quickInput.type('https://console.aws.amazon.com/');
    await quickInput.accept();
    await quickInput.waitFor({ message: /not a start URL/ });
    await take('start-url-refused');
    await quickInput.submit(identityCenter.startUrl);
    await quickInput.waitFor({ placeholder: /AWS Region/ });
    await take('region');
    await quickInput.type('frankfurt');
    await take('region-found');
    await quickInput.type('middle earth');
    await take('region-nowhere');
    await quickInput.hide();
    await window.runCommand(COMMANDS.okta);
    await quickInput.waitFor({ message: /issuer/ });
    await take('issuer');
    await quickInput.type('https://exmple.invalid/oauth2/default');
    await quickInput.accept();
    await quickInput.waitFor({ message: /couldn’t be reached/ });
    await take('issuer-unreachable');
    await quickInput.submit(okta.issuer);
    await quickInput.waitFor({ message: /client ID/ });
    await take('client');
    await quickInput.hide();
    await window.runCommand(COMMANDS.oidc);
    await quickInput.waitFor({ message: /issuer URL/ });
    await take('oidc-issuer');
    await quickInput.submit(openIdConnect?.issuer ?? '');
    await quickInput.waitFor({ message: /client ID/ });
    await take('oidc-client');
    await quickInput.hide();
  },

  walkthrough: async ({ window, take }) => {
    for (const id of ['getStarted', 'kiroWithOkta', 'identityCenterWithOkta']) {
      const walkthrough = await openWalkthrough(window, id);
      for (const [index, { title }] of (await walkthrough.steps()).entries()) {
        await walkthrough.select(title);
        await walkthrough.picture();
        await take(`${id}-${index + 1}`);
      }
    }
    await window.runCommand('View: Close All Editors');
  },
};

/** The palette's results for a text. */
export async function palette(
  { page, quickInput }: Workbench,
  text: string,
  take: (what: string) => Promise<void>,
): Promise<void> {
  await page.keyboard.press('F1');
  await quickInput.waitFor({ placeholder: /name of a command/ });
  await quickInput.type(`>${text}`);
  await take(`palette-${text.replaceAll(' ', '-')}`);
  await quickInput.hide();
}
