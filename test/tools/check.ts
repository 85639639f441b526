import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { changedFiles } from './lib/changedFiles.ts';
import { checkFormat, checkTypes, checkUnused, lintFiles } from './lib/checks.ts';
import { projectRoot } from './lib/paths.ts';
import { runBinary } from './lib/projectBinary.ts';
import { runCommand, type CommandOptions } from './lib/runCommand.ts';

/**
 * `npm run check` finds the most common mistakes in less than a minute: format and lint of changed files, types
 * and unused code of the whole project, unit tests affected by the change, then the measures of the house. An
 * argument names the commit to compare with. `npm test` runs everything.
 */

interface Step {
  readonly name: string;
  run(options: CommandOptions): Promise<number>;
}

/** These tests read the repository as text, so imports do not show what they depend on. */
const readers = [
  ...['automation', 'citations', 'contract', 'house', 'plainEnglish', 'readme', 'schemas', 'terms', 'words'],
].map((name) => `test/unit/${name}.test.ts`);

const started = performance.now();
const changed = changedFiles(process.argv[2]);
const linted = changed.filter((file) => /^(src|test)\/.*\.ts$|^\.config\/[^/]*\.ts$/.test(file));
const tested = changed.filter((file) => /^(src|test)\/.*\.(ts|json)$/.test(file));
console.log(`${changed.length} changed files.`);

const format: Step = { name: 'Format', run: (options) => checkFormat(changed, options) };
const lint: Step = { name: 'Lint', run: (options) => lintFiles(linted, options) };
const types: Step = { name: 'Types', run: (options) => checkTypes(options) };
const unused: Step = { name: 'Unused code', run: (options) => checkUnused(options) };
const unit: Step = { name: 'Unit tests', run: unitTests };

let table = '';
const measures: Step = {
  name: 'Measures',
  run: (options) => {
    const onOutput = (text: string) => {
      table += text;
      options.onOutput?.(text);
    };
    return runCommand(process.execPath, ['test/tools/metrics.ts'], { ...options, onOutput });
  },
};

// Two at a time.
const failures = (
  await Promise.all([inTurn([types, lint, measures]), inTurn([format, unused, unit])])
).flat();
const seconds = (performance.now() - started) / 1000;
console.log(`\n${table.trimEnd()}\n| \`npm run check\` | – | ${seconds.toFixed(1)} s | ≤ 60 s |`);
console.log(
  `\n${failures.length === 0 ? '✓ All green' : `✗ ${failures.join(', ')}`}, ${seconds.toFixed(1)} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

async function inTurn(steps: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  for (const step of steps) {
    const from = performance.now();
    const output: string[] = [];
    const exitCode = await step.run({ onOutput: (text) => output.push(text) });
    if (exitCode !== 0) {
      failed.push(step.name);
      console.log(output.join(''));
    }
    console.log(
      `${exitCode === 0 ? '✓' : '✗'} ${step.name}, ${((performance.now() - from) / 1000).toFixed(1)} s`,
    );
  }
  return failed;
}

/**
 * Runs the tests affected by the changed files. Tests that replace neither a module nor a global share one world,
 * to load `src` only once; `npm test` isolates each of them.
 */
async function unitTests(options: CommandOptions): Promise<number> {
  const files = [...new Set([...tested, ...readers])].filter((file) => existsSync(join(projectRoot, file)));
  const all = globSync('test/unit/**/*.test.ts', { cwd: projectRoot });
  const [apart, together] = [all.filter(replacesSomething), all.filter((file) => !replacesSomething(file))];
  const run = (isolate: boolean, others: readonly string[]) =>
    runBinary(
      'vitest',
      'vitest',
      [
        ...['related', '--run', '--config', '.config/vitest.config.ts', '--project', 'unit'],
        ...[`--isolate=${isolate}`, '--passWithNoTests', ...others.map((file) => `--exclude=${file}`)],
        ...files,
      ],
      options,
    );
  return Math.max(await run(false, apart), await run(true, together));
}

function replacesSomething(file: string): boolean {
  return /\bvi\.(mock|stub\w+|spyOn|useFakeTimers)\(|\bprocess\.env\b/.test(
    readFileSync(join(projectRoot, file), 'utf8'),
  );
}
