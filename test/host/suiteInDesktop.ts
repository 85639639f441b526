import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  downloadAndUnzipVSCode,
  resolveCliPathFromVSCodeExecutablePath,
  runTests,
  TestRunFailedError,
} from '@vscode/test-electron';

import { cacheFolder } from '../tools/lib/paths.ts';
import type { StepResult } from '../tools/lib/step.ts';
import { cleanEnvironment } from './cleanEnvironment.ts';
import { asRoot, installInDesktop } from './desktop.ts';
import { QUIET_SETTINGS } from './hostSettings.ts';
import type { InstalledEditor } from './installedEditors.ts';
import { probeSource } from './probe.ts';
import { updateSettings } from './settingsFile.ts';
import { bundleSuite } from './suiteBundle.ts';
import { reportSuite } from './suiteResult.ts';

/**
 * Runs the in-host suite in a desktop VS Code, with the packaged extension installed in a separate profile.
 * `VSCODE_EXECUTABLE` names the VS Code (the program itself, not `code`); by default, the latest stable version
 * is downloaded once into the cache folder. On Linux it needs a display, such as `xvfb-run -a npm run
 * test:desktop`.
 * @param vsix the packaged extension
 * @param editor another installed editor
 */
export async function runSuiteInDesktop(vsix: string, editor?: InstalledEditor): Promise<StepResult> {
  const { executable, cli } = editor ?? (await findOrDownload());
  const suite = await bundleSuite();
  // Keep it short: VS Code creates a socket in the profile, whose path is limited to about 100 characters.
  const root = mkdtempSync(join(tmpdir(), 'vsc-'));
  try {
    const profile = [
      `--user-data-dir=${join(root, 'data')}`,
      `--extensions-dir=${join(root, 'ext')}`,
      ...asRoot(),
    ];
    updateSettings(join(root, 'data/User/settings.json'), QUIET_SETTINGS, () => ({}));
    await installInDesktop(cli, profile, vsix);
    const resultFile = join(root, 'suite-result.json');
    const exitCode = await run(executable, suite, profile, resultFile);
    return reportSuite(resultFile, exitCode);
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function findOrDownload(): Promise<InstalledEditor> {
  const withCli = (executable: string): InstalledEditor => ({
    executable,
    cli: resolveCliPathFromVSCodeExecutablePath(executable),
  });
  const chosen = process.env['VSCODE_EXECUTABLE'];
  if (chosen) return withCli(chosen);
  try {
    return withCli(
      await downloadAndUnzipVSCode({ version: 'stable', cachePath: join(cacheFolder(), 'desktop') }),
    );
  } catch (cause) {
    throw new Error(
      'VS Code could not be downloaded. Set VSCODE_EXECUTABLE to an installed one ' +
        '(/usr/share/code/code, …/Visual Studio Code.app/Contents/MacOS/Electron, …\\Microsoft VS Code\\Code.exe). ' +
        `The reason: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/**
 * Marks the variables that this VS Code must not inherit as unset: test-electron starts from the whole
 * environment.
 */
function withoutTheRest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const absent = Object.keys(process.env).filter((name) => !(name in env));
  return { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...env };
}

async function run(
  executable: string,
  suite: string,
  profile: readonly string[],
  resultFile: string,
): Promise<number> {
  try {
    return await runTests({
      vscodeExecutablePath: executable,
      reuseMachineInstall: true,
      extensionDevelopmentPath: probeSource,
      extensionTestsPath: suite,
      extensionTestsEnv: withoutTheRest(cleanEnvironment({ SUITE_RESULT: resultFile })),
      launchArgs: [...profile],
    });
  } catch (error) {
    if (error instanceof TestRunFailedError) return error.code ?? 1;
    throw error;
  }
}
