import { afterAll, beforeAll, expect } from 'vitest';

import { packProbe } from './probe.ts';
import { vsixPath } from '../tools/lib/paths.ts';
import { sandboxSettings } from '../tools/lib/sandboxSettings.ts';
import { startChain, type Chain } from '../sandbox/chain.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/sandbox.ts';
import { borrowBrowser, type Browser, type BrowserOptions } from './browser.ts';
import { keepEvidence } from './failureEvidence.ts';
import { freePort } from './freePort.ts';
import { watchForLeaks } from './leaks.ts';
import type { Settings } from './settingsFile.ts';
import { startVsCodeHost, type VsCodeHost, type VsCodeHostOptions } from './vscodeHost.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The extension's id: the beginning of its status bar item's. */
export const EXTENSION_ID = 'developer-sign-in.developer-sign-in';

export interface SceneOptions {
  readonly sandbox?: SandboxOptions;
  /** Whether Okta and IAM Identity Center are connected, as the setup guides have it. */
  readonly connected?: boolean;
  readonly browser?: BrowserOptions;
  /** Over those that lead to the sandbox and name its connections. */
  readonly settings?: Settings;
  /** Everything is logged, and the scene can tell at its end which secrets have leaked. */
  readonly watched?: boolean;
  readonly host?: Pick<VsCodeHostOptions, 'env' | 'language' | 'whenInstalled' | 'isLean'>;
  /** The name under which the browser finds VS Code, when that is not this machine's own: `code.example.com`. */
  readonly hostName?: string;
}

/** Where VS Code asks before it opens a page, as it does for the pages of real identity providers. */
export const PLACE = { host: '127.0.0.2' } as const;

/** The same for each scene where it is free: the browser has compiled what comes from there. */
const PORT = 4180;

/** A person's machine: the identity providers, a VS Code with the packaged extension and the probe, and a browser. */
export interface Scene {
  readonly sandbox: Sandbox;
  /** The same, where both are connected. */
  readonly chain: Chain | undefined;
  readonly host: VsCodeHost;
  readonly browser: Browser;
  /** Opens a window on a folder of its own, and waits until the extension has started in it. */
  openWindow(folder?: string): Promise<Workbench>;
  /** The sandbox's connections, as the setting `developerSignIn.connections` has them. */
  readonly connections: unknown;
  /** The browser is signed in nowhere any more. */
  forgetPeople(): Promise<void>;
  /** Ends the server of a watched scene and searches all that is left of the run (leaks.ts). */
  leaks(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened.reverse()) await end();
  };
  try {
    const { okta, identityCenter, openIdConnect } = options.sandbox ?? {};
    const places = {
      okta: { place: PLACE, ownRedirectUris: true, ...okta },
      identityCenter: { place: PLACE, ...identityCenter },
      ...(openIdConnect === undefined ? {} : { openIdConnect: { place: PLACE, ...openIdConnect } }),
    };
    const chain = options.connected === true ? await startChain(places) : undefined;
    const sandbox = chain ?? (await startSandbox(places));
    opened.push(() => sandbox.close());
    const settings = sandboxSettings(sandbox.describe());
    const { hostName } = options;
    const { size, ...wanted } = options.browser ?? {};
    const port = await freePort(PORT);
    const browser = await borrowBrowser({
      ...wanted,
      ...(hostName === undefined ? {} : { elsewhere: `http://${hostName}:${port}` }),
    });
    opened.push(() => browser.close());
    const watch = options.watched
      ? await watchForLeaks(browser.context, [sandbox.okta.origin, sandbox.identityCenter.origin])
      : undefined;
    const started = await startVsCodeHost({
      ...options.host,
      port,
      vsix: [vsixPath, await packProbe()],
      settings: (current) => ({ ...settings(current), ...options.settings }),
      ...(options.watched ? { logLevel: 'trace' } : {}),
    });
    opened.push(() => started.stop());
    const host = {
      ...started,
      ...(hostName === undefined ? {} : { url: `http://${hostName}:${started.port}` }),
    };
    return {
      sandbox,
      chain,
      host,
      browser,
      openWindow: async (folder) => {
        const window = await openWorkbench({
          host,
          context: browser.context,
          ...(folder ? { folder } : {}),
          ...(size ? { size } : {}),
        });
        await window.probe();
        return window;
      },
      connections: settings({})['developerSignIn.connections'],
      // A cookie is its host's, whatever the port: VS Code's own are 127.0.0.1's and stay.
      forgetPeople: async () => {
        for (const { origin } of [sandbox.okta, sandbox.identityCenter])
          await browser.context.clearCookies({ domain: new URL(origin).hostname });
      },
      leaks: async () => {
        if (!watch) throw new Error('The scene was not watched.');
        return watch(host, sandbox.secretsSeen).leaks();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One scene for all tests of a file. A failure leaves its pictures; at the end no secret may be found in what is left. */
export function shareScene(options: SceneOptions = {}): () => Scene {
  let scene: Scene | undefined;
  beforeAll(async () => {
    scene = await openScene({ ...options, watched: true });
  });
  afterAll(async () => {
    try {
      expect(await scene?.leaks(), 'secrets that have leaked').toEqual([]);
    } finally {
      await scene?.close();
    }
  });
  keepEvidence(() => ({
    contexts: scene ? [scene.browser.context] : [],
    hosts: scene ? [scene.host] : [],
  }));
  return () => {
    if (!scene) throw new Error('The scene is there in hooks and tests only.');
    return scene;
  };
}
