import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type BrowserContext } from 'playwright-core';

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
  return {
    context,
    close: async () => {
      await context.close();
      if (!profileFolder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
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
