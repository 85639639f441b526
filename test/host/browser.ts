import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

import { ensureChromium } from './chromium.ts';
import { cleanEnvironment } from './cleanEnvironment.ts';
import { findHeadlessShell } from './headlessShell.ts';

export interface BrowserOptions {
  /**
   * Profile folder; by default a new one, removed at the end. A given one is kept with the secrets of its VS
   * Codes.
   */
  readonly profileFolder?: string;
  readonly theme?: 'light' | 'dark' | 'highContrast';
  /** In pixels; 1280 by 800 by default. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Accepts any certificate, for tests of other programs' certificate checks. */
  readonly ignoreCertificates?: boolean;
  /** An origin that resolves to this machine and counts as secure, as if over TLS. */
  readonly elsewhere?: string;
}

/** A running browser with its own profile, as one user has. */
export interface Browser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium, which ends with this process. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  return launch(await ensureChromium(), options);
}

/** As {@link launchBrowser}, with the browser that needs the least processor time. */
export async function launchLight(options: BrowserOptions = {}): Promise<Browser> {
  const shell = options.elsewhere === undefined ? findHeadlessShell() : undefined;
  return launch(shell ?? (await ensureChromium()), options);
}

async function launch(
  executablePath: string,
  {
    profileFolder,
    theme = 'light',
    size = { width: 1280, height: 800 },
    ignoreCertificates = false,
    elsewhere,
  }: BrowserOptions,
): Promise<Browser> {
  const folder = profileFolder ?? mkdtempSync(join(tmpdir(), 'browser-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    viewport: size,
    colorScheme: theme === 'light' ? 'light' : 'dark',
    forcedColors: theme === 'highContrast' ? 'active' : 'none',
    // Tests read what the extension writes to the clipboard.
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-US',
    ignoreHTTPSErrors: ignoreCertificates,
    env: definedOnly(cleanEnvironment()),
    // Chromium refuses to start as root with its sandbox; it opens only the tests' own pages.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(elsewhere === undefined ? [] : leadingHere(elsewhere)),
      ...QUIET,
    ],
  });
  context.setDefaultTimeout(60_000); // On a loaded machine, a sign-in's last page has taken more than 30 seconds.
  const remove = (): void => {
    if (!profileFolder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  // If still open, it is closed when this process ends.
  process.once('exit', remove);
  return {
    context,
    close: async () => {
      process.off('exit', remove);
      await context.close();
      remove();
    },
  };
}

/** The browser of this process, shared by its scenes one after another. */
let shared: Promise<SharedBrowser> | undefined;

interface SharedBrowser extends Browser {
  /** Origins visited since the last cleanup. */
  readonly origins: Set<string>;
  isLent: boolean;
}

/**
 * Returns a browser as from {@link launchLight}, reusing this process's browser if no special options are
 * needed: that saves the start, and half the cost of a workbench that it has already loaded. It is cleaned before
 * each reuse: no pages, cookies or stored data.
 */
export async function borrowBrowser(options: Omit<BrowserOptions, 'size'> = {}): Promise<Browser> {
  if (Object.values(options).some(Boolean)) return launchLight(options);
  shared ??= launchShared();
  const browser = await shared;
  if (browser.isLent) return launchLight();
  browser.isLent = true;
  return {
    context: browser.context,
    close: async () => {
      await forgetEverything(browser);
      browser.isLent = false;
    },
  };
}

async function launchShared(): Promise<SharedBrowser> {
  const browser = await launchLight();
  const origins = new Set<string>();
  const follow = (page: Page): void => {
    page.on('framenavigated', (frame) => {
      if (frame.url().startsWith('http')) origins.add(new URL(frame.url()).origin);
    });
  };
  browser.context.pages().forEach(follow);
  browser.context.on('page', follow);
  browser.context.on('close', () => {
    shared = undefined;
  });
  return { ...browser, origins, isLent: false };
}

/** Keeps the HTTP and code caches. */
async function forgetEverything({ context, origins }: SharedBrowser): Promise<void> {
  const blank = await context.newPage();
  await Promise.all(
    context
      .pages()
      .filter((page) => page !== blank)
      .map((page) => page.close()),
  );
  await context.clearCookies();
  const session = await context.newCDPSession(blank);
  for (const origin of origins)
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
  origins.clear();
}

function leadingHere(origin: string): readonly string[] {
  const { hostname } = new URL(origin);
  return [
    `--host-resolver-rules=MAP ${hostname} 127.0.0.1`,
    `--unsafely-treat-insecure-origin-as-secure=${origin}`,
  ];
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
