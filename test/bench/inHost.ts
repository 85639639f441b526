import { ACCOUNTS, signOut, statusShows } from '../host/asPerson.ts';
import { openScene } from '../host/scene.ts';
import type { Workbench } from '../host/workbench.ts';
import { measureColdSignIns } from './coldSignIn.ts';
import { deferActivation } from './deferredManifests.ts';
import type { Figure } from './figure.ts';
import { measureLoaded } from './loaded.ts';
import { measureOnDemand } from './onDemand.ts';
import { stage } from './stage.ts';
import { measureStartUp } from './startUp.ts';
import { measureToTheBrowser } from './toTheBrowser.ts';
import { measureTokenInHost } from './tokenInHost.ts';

/** What was measured in, and in what. */
export interface HostFigures {
  readonly figures: readonly Figure[];
  readonly versions: Readonly<Record<string, string>>;
}

/** All that is measured in a real VS Code: one server, one browser, one window that is opened anew. */
export async function measureInHost(): Promise<HostFigures> {
  const scene = await openScene();
  try {
    const window = await scene.openWindow();
    const figures: Figure[] = [
      ...(await stage('activation at the start of a window', () => measureStartUp(window))),
      ...(await stage('what is loaded', async () =>
        measureLoaded(await window.probe(), scene.host.folders.extensions),
      )),
      ...(await stage('from a command to the browser', () => measureToTheBrowser(scene, window))),
      ...(await stage('cold sign-ins', () => measureColdSignIns(scene, window))),
      ...(await stage('tokens inside the host', () => measureTokenInHost(window))),
    ];
    await signOutOfAll(window);
    await deferActivation(scene.host);
    figures.push(...(await stage('activation on demand, and the heap', () => measureOnDemand(window))));
    const { appName, version, node } = await (await window.probe()).environment();
    const browser = scene.browser.context.browser()?.version();
    return {
      figures,
      versions: {
        'VS Code': `${String(version)} (${String(appName)}, Node ${String(node)})`,
        Chromium: browser ?? 'unknown',
      },
    };
  } finally {
    await scene.close();
  }
}

async function signOutOfAll(window: Workbench): Promise<void> {
  await signOut(window, ACCOUNTS.okta);
  await statusShows(window, new RegExp(`^${ACCOUNTS.identityCenter}$`));
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}
