import { renameSync, writeFileSync } from 'node:fs';

import Mocha from 'mocha';

import { declareActivation } from './activation.ts';
import { declareCommands } from './commands.ts';
import { declareProviders } from './providers.ts';
import { declareSettings } from './settings.ts';

/** One test result in `SUITE_RESULT`, a JSON array written when the suite completes. */
interface TestRecord {
  readonly title: string;
  readonly durationMs: number;
  /** The stack of the failure; null if it passed. */
  readonly error: string | null;
}

/**
 * Called by VS Code in its extension host. Rejects if a test failed. Also writes the result to the file in
 * `SUITE_RESULT`, because a crashed extension host looks like success from outside.
 */
export async function run(): Promise<void> {
  const records = await runMocha();
  const resultFile = process.env['SUITE_RESULT'];
  if (resultFile) {
    writeFileSync(`${resultFile}.part`, JSON.stringify(records));
    renameSync(`${resultFile}.part`, resultFile);
  }
  const failed = records.filter(({ error }) => error !== null);
  if (failed.length > 0) throw new Error(`${failed.length} tests of the suite failed.`);
}

function runMocha(): Promise<TestRecord[]> {
  const mocha = new Mocha({ timeout: 30_000, reporter: Silent });
  // Binds `describe` and `it` to this mocha instance, as its command line does for each file.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  declareActivation();
  declareCommands();
  declareProviders();
  declareSettings();
  const records: TestRecord[] = [];
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(records))
      .on('pass', (test) =>
        records.push({ title: test.fullTitle(), durationMs: test.duration ?? 0, error: null }),
      )
      .on('fail', (test, error: Error) =>
        records.push({
          title: test.fullTitle(),
          durationMs: test.duration ?? 0,
          error: error.stack ?? error.message,
        }),
      );
  });
}

/** The process that started VS Code prints the records; here they would be lost in the workbench's output. */
class Silent extends Mocha.reporters.Base {}
