import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext } from 'playwright-core';
import { afterEach } from 'vitest';

import { distFolder } from '../tools/lib/paths.ts';

/** Evidence to diagnose a failed test. */
export interface Scene {
  readonly contexts: readonly BrowserContext[];
  readonly hosts: readonly {
    readonly folders: { readonly userData: string };
    logTail(lines?: number): string;
  }[];
}

/**
 * After each failed test of this file, saves pictures of all open pages and the ends of the server logs and ours
 * in `dist/host-failures`.
 */
export function keepEvidence(scene: () => Scene): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const name = task.name.replaceAll(/[^\w-]+/g, '-').slice(0, 80);
    const folder = join(distFolder, 'host-failures', name);
    mkdirSync(folder, { recursive: true });
    const { contexts, hosts } = scene();
    const pages = contexts.flatMap((context) => context.pages());
    await Promise.all(
      // Ignore pages that hang or are gone: the test's own error matters more.
      pages.map((page, index) =>
        page
          .screenshot({ path: join(folder, `page-${index + 1}.png`), timeout: 10_000 })
          .catch(() => undefined),
      ),
    );
    hosts.forEach((host, index) => writeFileSync(join(folder, `server-${index + 1}.log`), host.logTail(400)));
    for (const { folders } of hosts) {
      globSync('logs/**/Developer Sign-In.log', { cwd: folders.userData }).forEach((log, index) => {
        copyFileSync(join(folders.userData, log), join(folder, `extension-${index + 1}.log`));
      });
    }
    console.error(`Pictures and logs: ${folder}`);
  });
}
