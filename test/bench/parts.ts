import { signIn, statusShows } from '../host/asPerson.ts';
import { openScene } from '../host/scene.ts';
import type { Scene } from '../host/scene.ts';
import type { Workbench } from '../host/workbench.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { measureCallers, measureWindows } from './atExpiry.ts';
import { measureColdSignIns } from './coldSignIn.ts';
import { deferActivation } from './deferredManifests.ts';
import type { Figure } from './figure.ts';
import { measureFreshToken } from './freshToken.ts';
import { measureIdle } from './idle.ts';
import { measureLoaded } from './loaded.ts';
import { measureOnDemand } from './onDemand.ts';
import { measureSsoToken } from './ssoToken.ts';
import { measureStartUp } from './startUp.ts';
import { measureToTheBrowser } from './toTheBrowser.ts';
import { measureTokenInHost } from './tokenInHost.ts';

/** The results of a part, and the VS Code that was used, if any. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly host?: string;
}

/** An independent part of the run. */
interface BenchPart {
  readonly title: string;
  readonly measure: () => Promise<Measured>;
}

/** By the name for `--only`, in the order of docs/MEASURED.md. */
export const benchParts: Readonly<Record<string, BenchPart>> = {
  startUp: {
    title: 'Activation at the start of a window',
    measure: inWindow((_, window) => measureStartUp(window)),
  },
  onDemand: {
    title: 'Activation on demand, and the heap',
    measure: inWindow(async ({ host }, window) => {
      await deferActivation(host);
      return measureOnDemand(window);
    }),
  },
  loaded: {
    title: 'What is loaded',
    measure: inWindow(async ({ host }, window) =>
      measureLoaded(await window.probe(), host.folders.extensions),
    ),
  },
  toTheBrowser: { title: 'From a command to the browser', measure: inWindow(measureToTheBrowser) },
  signIns: { title: 'First sign-ins', measure: inWindow(measureColdSignIns) },
  tokens: {
    title: 'Tokens inside the host',
    measure: inWindow(async (_, window) => {
      await signIn(window, 'okta');
      await statusShows(window, /./);
      return measureTokenInHost(window);
    }),
  },
  freshTokens: { title: 'Tokens without a host', measure: besideSandbox(measureFreshToken) },
  callers: {
    title: 'A thousand callers at expiry',
    measure: besideSandbox(async (sandbox) => [
      ...(await measureCallers(sandbox, 'okta')),
      ...(await measureCallers(sandbox, 'identityCenter')),
    ]),
  },
  windows: { title: 'Windows at expiry', measure: besideSandbox(measureWindows) },
  idle: { title: 'Idle windows', measure: besideSandbox(measureIdle) },
  ssoToken: { title: 'sso-token', measure: async () => ({ figures: await measureSsoToken() }) },
};

/** In a real VS Code with its own server, browser and window. */
function inWindow(measure: (scene: Scene, window: Workbench) => Promise<readonly Figure[]>) {
  return async (): Promise<Measured> => {
    const scene = await openScene();
    try {
      const window = await scene.openWindow();
      const figures = await measure(scene, window);
      const { version, node } = await (await window.probe()).environment();
      const browser = scene.browser.context.browser()?.version() ?? 'unknown';
      return {
        figures,
        host: `VS Code ${String(version)} (its Node ${String(node)}), Chromium ${browser}`,
      };
    } finally {
      await scene.close();
    }
  };
}

/**
 * Without an editor: the real core and adapters with a sandbox in the same process. A rotated refresh token works
 * only once.
 */
function besideSandbox(measure: (sandbox: Sandbox) => Promise<readonly Figure[]>) {
  return async (): Promise<Measured> => {
    const strict = { refreshGraceSeconds: 0 };
    const sandbox = await startSandbox({ okta: strict, identityCenter: strict });
    try {
      return { figures: await measure(sandbox) };
    } finally {
      await sandbox.close();
    }
  };
}
