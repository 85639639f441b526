import { renameSync, writeFileSync } from 'node:fs';

import Mocha from 'mocha';

import { declareActivation } from './activation.ts';
import { declareCommands } from './commands.ts';
import { declareProviders } from './providers.ts';
import { declareSettings } from './settings.ts';

/** One test of the suite, as `SUITE_RESULT` holds it: a JSON array, written when the suite got to its end. */
interface TestRecord {
  readonly title: string;
  readonly durationMs: number;
  /** The stack of the failure; null when it passed. */
  readonly error: string | null;
}

/**
 * VS Code calls this in its extension host. Rejects when a test failed. The result is also written to the file that
 * `SUITE_RESULT` names, because an extension host that dies looks like a success from outside.
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
  // Makes `describe` and `it` mean this mocha, as its own command line does for each file.
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

/** The process that started VS Code prints the records; here the lines would drown in the workbench's own. */
class Silent extends Mocha.reporters.Base {}
