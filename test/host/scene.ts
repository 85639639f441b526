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
import { COMPILE_CACHE } from './leanHost.ts';
import { stopMotion } from './noMotion.ts';
import type { Settings } from './settingsFile.ts';
import { startVsCodeHost, type VsCodeHost, type VsCodeHostOptions } from './vscodeHost.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The extension's ID, which is the prefix of its status bar item's ID. */
export const EXTENSION_ID = 'developer-sign-in.developer-sign-in';

export interface SceneOptions {
  readonly sandbox?: SandboxOptions;
  /** Whether Okta and IAM Identity Center are connected as in the setup guides. */
  readonly connected?: boolean;
  readonly browser?: BrowserOptions;
  /** Settings that override those for the sandbox and its connections. */
  readonly settings?: Settings;
  /** Logs everything, and allows a search for leaked secrets at the end. */
  readonly watched?: boolean;
  readonly host?: Pick<VsCodeHostOptions, 'env' | 'language' | 'whenInstalled' | 'isLean'>;
  /** The host name of VS Code in the browser, if not this machine's own: `code.example.com`. */
  readonly hostName?: string;
}

/** Addresses for which VS Code asks before it opens a page, as for real identity providers. */
export const PLACE = { host: '127.0.0.2' } as const;

/** The same port for each scene if possible: the browser caches compiled code by origin. */
const PORT = 4180;

/** A user's machine: identity providers, a VS Code with the packaged extension and the probe, and a browser. */
export interface Scene {
  readonly sandbox: Sandbox;
  /** A scene in which both are connected. */
  readonly chain: Chain | undefined;
  readonly host: VsCodeHost;
  readonly browser: Browser;
  /** Opens a window with its own folder, and waits until the extension has started. */
  openWindow(folder?: string): Promise<Workbench>;
  /** The sandbox's connections, in the format of `developerSignIn.connections`. */
  readonly connections: unknown;
  /** Signs the browser out everywhere. */
  forgetPeople(): Promise<void>;
  /** Stops the server of a watched scene and searches everything left by the run (leaks.ts). */
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
      // Cookies belong to a host, whatever the port: keep those of 127.0.0.1, which are VS Code's own.
      forgetPeople: async () => {
        for (const { origin } of [sandbox.okta, sandbox.identityCenter])
          await browser.context.clearCookies({ domain: new URL(origin).hostname });
      },
      leaks: async () => {
        if (!watch) throw new Error('The scene was not created with `watched`.');
        return watch(host, sandbox.secretsSeen).leaks();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One scene for all tests of a file. A failure saves pictures; at the end, no secret may be found. */
export function shareScene(options: SceneOptions = {}): () => Scene {
  let scene: Scene | undefined;
  beforeAll(async () => {
    const host = { ...options.host, env: { ...COMPILE_CACHE, ...options.host?.env } };
    scene = await openScene({ ...options, host, watched: true });
    await stopMotion(scene.browser.context);
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
    if (!scene) throw new Error('The scene exists only in hooks and tests.');
    return scene;
  };
}
