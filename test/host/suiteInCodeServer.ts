import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';

import { distFolder } from '../tools/lib/paths.ts';
import type { CommandOptions } from '../tools/lib/runCommand.ts';
import type { StepResult } from '../tools/lib/step.ts';
import { launchLight } from './browser.ts';
import { COMPILE_CACHE } from './leanHost.ts';
import { probeSource } from './probe.ts';
import { bundleSuite } from './suiteBundle.ts';
import { reportSuite } from './suiteResult.ts';
import { startVsCodeHost, SUITE_RESULT } from './vscodeHost.ts';

const TIMEOUT_MS = 180_000;

/**
 * Runs the in-host suite in code-server with the packaged extension installed. VS Code runs tests only with an
 * extension under development, which is the probe.
 * @param vsix the packaged extension
 */
export async function runSuiteInCodeServer(
  vsix: string,
  { onOutput }: CommandOptions = {},
): Promise<StepResult> {
  const suite = await bundleSuite();
  const host = await startVsCodeHost({ vsix: [vsix], suiteMode: true, isLean: true, env: COMPILE_CACHE });
  const resultFile = join(host.folders.root, SUITE_RESULT);
  const browser = await launchLight();
  try {
    const page = await browser.context.newPage();
    const log: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    // The workbench calls these two while it runs a suite: for console output, and at the end.
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) =>
      log.push(format(...args)),
    );
    await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    page.on('crash', () => reject(new Error('The page of the workbench crashed.')));
    await page.goto(suiteAddress(host.url, join(host.folders.workspaces, 'suite'), suite), {
      timeout: TIMEOUT_MS,
    });
    const timer = setTimeout(
      () => reject(new Error(`The suite took longer than ${TIMEOUT_MS / 1000} s.`)),
      TIMEOUT_MS,
    );
    try {
      return reportSuite(resultFile, await promise, onOutput && ((line) => onOutput(`${line}\n`)));
    } catch (error) {
      const folder = join(distFolder, 'host-failures/suite');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, 'page.png') });
      writeFileSync(join(folder, 'workbench.log'), log.join('\n'));
      writeFileSync(join(folder, 'server.log'), host.logTail(400));
      console.error(`Pictures and logs: ${folder}`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  } finally {
    await browser.close();
    await host.stop();
  }
}

function suiteAddress(hostUrl: string, workspaceFolder: string, suite: string): string {
  mkdirSync(workspaceFolder, { recursive: true });
  const remote = (path: string) => `vscode-remote://${new URL(hostUrl).host}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(probeSource)],
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  return `${hostUrl}/?${new URLSearchParams({ folder: workspaceFolder, payload: JSON.stringify(payload) })}`;
}
