import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

import { ensureChromium } from './chromium.ts';
import { cleanEnvironment } from './cleanEnvironment.ts';

export interface BrowserOptions {
  /** The profile; a new one, removed at the end, unless told. One that is given stays, with the secrets of its VS Codes. */
  readonly profileFolder?: string;
  readonly theme?: 'light' | 'dark' | 'highContrast';
  /** In pixels; 1280 by 800 unless told. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Takes any certificate, for a test about what another program makes of it. */
  readonly ignoreCertificates?: boolean;
  /** An origin whose name leads to this machine, and which is as good as one over TLS. */
  readonly elsewhere?: string;
}

/** A running browser with a profile of its own: what one person has. */
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

/** Starts a headless browser; it ends with this process. */
export async function launchBrowser({
  profileFolder,
  theme = 'light',
  size = { width: 1280, height: 800 },
  ignoreCertificates = false,
  elsewhere,
}: BrowserOptions = {}): Promise<Browser> {
  const folder = profileFolder ?? mkdtempSync(join(tmpdir(), 'browser-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: await ensureChromium(),
    headless: true,
    viewport: size,
    colorScheme: theme === 'light' ? 'light' : 'dark',
    forcedColors: theme === 'highContrast' ? 'active' : 'none',
    // What the extension writes to the clipboard is read by the tests.
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-US',
    ignoreHTTPSErrors: ignoreCertificates,
    env: definedOnly(cleanEnvironment()),
    // Chromium refuses to start as root with its sandbox; the only pages that it sees are the tests' own.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(elsewhere === undefined ? [] : leadingHere(elsewhere)),
      ...QUIET,
    ],
  });
  const remove = (): void => {
    if (!profileFolder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  // One that is open to the end of this process is closed by it.
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

/** The browser of this process, which its scenes have one after another. */
let shared: Promise<SharedBrowser> | undefined;

interface SharedBrowser extends Browser {
  /** Where its pages have been, since it was last cleaned. */
  readonly origins: Set<string>;
  isLent: boolean;
}

/**
 * A browser as from {@link launchBrowser}. Where nothing special is wanted it is one that this process has already: it starts
 * once, and a workbench that it has loaded before costs half as much. Each time it is as new: no page, cookie, or anything that
 * a page has kept.
 */
export async function borrowBrowser(options: Omit<BrowserOptions, 'size'> = {}): Promise<Browser> {
  if (Object.values(options).some(Boolean)) return launchBrowser(options);
  shared ??= launchShared();
  const browser = await shared;
  if (browser.isLent) return launchBrowser();
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
  const browser = await launchBrowser();
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

/** What it has loaded and compiled it keeps. */
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
