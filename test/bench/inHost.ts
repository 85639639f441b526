import { ACCOUNTS, signOut, statusShows } from '../host/asPerson.ts';
import { openScene } from '../host/scene.ts';
import { measureColdSignIns } from './coldSignIn.ts';
import { deferActivation } from './deferredManifests.ts';
import type { Figure } from './figure.ts';
import { measureLoaded } from './loaded.ts';
import { measureOnDemand } from './onDemand.ts';
import { measureStartUp } from './startUp.ts';
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
    const figures = [...(await measureStartUp(window))];
    figures.push(...(await measureLoaded(await window.probe(), scene.host.folders.extensions)));
    figures.push(...(await measureColdSignIns(scene, window)));
    figures.push(...(await measureTokenInHost(window)));
    await signOut(window, ACCOUNTS.okta);
    await statusShows(window, new RegExp(`^${ACCOUNTS.identityCenter}$`));
    await signOut(window);
    await statusShows(window, /^Sign in$/);
    await deferActivation(scene.host);
    figures.push(...(await measureOnDemand(window)));

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
