// A sign-in with another OpenID Connect provider, step by step:   node test/tools/package.ts && node test/host/pictures/openIdConnect.ts [theme]
import { CLIENT_ID } from '../../sandbox/oidc/provider.ts';
import { COMMANDS, signOut, statusShows, typeCredentials } from '../asPerson.ts';
import { startOpenIdConnect } from '../openIdConnect.ts';
import { openScene } from '../scene.ts';
import { cameraFor, pictureSize, themes, type Theme } from './camera.ts';

for (const theme of themes) await takeSignIn(theme);

async function takeSignIn(theme: Theme): Promise<void> {
  const scene = await openScene({
    browser: { theme, size: pictureSize },
    settings: { 'developerSignIn.connections': [] },
  });
  const provider = await startOpenIdConnect(scene);
  try {
    const window = await scene.openWindow('my-project');
    const { page, quickInput } = window;
    const camera = cameraFor(theme);
    const take = (what: string, of = page) => camera(`oidc-${what}`, of);
    await window.runCommand(COMMANDS.oidc);
    await quickInput.waitFor({ message: /issuer URL/ });
    await take('issuer');
    await quickInput.type('https://nowhere.invalid');
    await quickInput.accept();
    await quickInput.waitFor({ message: /nowhere|reached|found/ });
    await take('issuer-wrong');
    await quickInput.submit(provider.issuer);
    await quickInput.waitFor({ message: /client ID/ });
    await take('client');
    await quickInput.submit(CLIENT_ID);
    await take('open');
    const browser = await window.dialogs.openExternal();
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await page.bringToFront();
    await take('waiting');
    await browser.bringToFront();
    await typeCredentials(browser);
    await browser.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await take('page', browser);
    await browser.close();
    await statusShows(window, /ana@example\.com/);
    await take('signed-in');
    await window.runCommand(COMMANDS.showStatus);
    await quickInput.waitFor({ item: /ana@example\.com/ });
    await take('status');
    await quickInput.hide();
    await window.runCommand('SSO: Manage Connections');
    await quickInput.waitFor({ item: /OpenID Connect/ });
    await take('connections');
    await quickInput.hide();
    await signOut(window);
    await statusShows(window, /: Sign In$/);
    await take('signed-out');
  } finally {
    await provider.close();
    await scene.close();
  }
}
