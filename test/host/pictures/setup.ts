// What an administrator sees of *Check setup*, in each theme, as pictures to look at:
//
//   node test/tools/package.ts && node test/host/pictures/setup.ts [light|dark|highContrast]   -> dist/pictures/<theme>-setup-<what>.png
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder } from '../../tools/lib/paths.ts';
import { checkIdentityCenter, checkKiro, CHECK_SETUP } from '../asAdministrator.ts';
import { signInAtOkta } from '../asPerson.ts';
import { openScene } from '../scene.ts';
import { setupViewOf } from '../setupView.ts';
import { themes, type Theme } from './camera.ts';

const folder = join(distFolder, 'pictures');
mkdirSync(folder, { recursive: true });
for (const theme of themes) await takeAll(theme);
console.log(`Pictures: ${folder}`);

async function takeAll(theme: Theme): Promise<void> {
  const scene = await openScene({ connected: true, browser: { theme, size: { width: 1200, height: 800 } } });
  try {
    const { chain } = scene;
    if (chain === undefined) throw new Error('The scene was asked for connected.');
    const window = await scene.openWindow('my-project');
    const { quickInput } = window;
    const view = setupViewOf(window.page);
    const take = async (what: string) => {
      await window.page.waitForTimeout(700); // What moves, or fades in, has come to rest.
      await window.page.screenshot({ path: join(folder, `${theme}-setup-${what}.png`) });
    };

    await window.runCommand(CHECK_SETUP);
    await quickInput.waitFor({ placeholder: /Select a connection to check/ });
    await take('which');
    await quickInput.hide();

    const kiro = await checkKiro(window, chain, { testSignIn: true });
    await take('filled');
    await kiro.run();
    const page = await window.dialogs.openExternal();
    await take('running');
    await signInAtOkta(page);
    await page.close();
    await view.messageFits(/passed$/);
    await take('right');

    const metadataFile = join(scene.host.folders.workspaces, 'my-project', 'metadata.xml');
    writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
    const identityCenter = await checkIdentityCenter(window, chain, {
      metadataFile,
      scimEndpoint: `${chain.describe().identityCenter.federated.scim.endpoint}/`,
      userName: 'eli@example.com',
    });
    await identityCenter.run();
    await view.messageFits(/^[1-9]\d* failed/);
    await take('wrong');
  } catch (error) {
    for (const [index, page] of scene.browser.context.pages().entries())
      await page.screenshot({ path: join(folder, `${theme}-setup-failed-${index}.png`) });
    throw error;
  } finally {
    await scene.close();
  }
}
