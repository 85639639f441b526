import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fullSize, killTestParts, shortSize } from '../kill/killTest.ts';
import { checkLine, roundsTable, stepLines, type Reported } from '../kill/report.ts';
import { distFolder } from './lib/paths.ts';

/** `npm run test:kill`. With the argument `short`, runs the daily version; other arguments select parts by name. */
const [first, ...others] = process.argv.slice(2);
const size = first === 'short' ? shortSize : fullSize;
const wanted = first === 'short' || first === undefined ? others : [first, ...others];

/** Timeout of a part; its processes end with this one. */
const patienceMilliseconds = 600_000;

const machine = {
  processors: availableParallelism(),
  model: cpus()[0]?.model,
  memoryBytes: totalmem(),
  node: process.version,
  loadBefore: loadavg(),
};
const parts = killTestParts(size).filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
);
const reported: Reported[] = [];
for (const { name, run } of parts) {
  const started = performance.now();
  console.log(`\n── ${name}`);
  const result = await Promise.race([run(), tooLate()]).catch((error: unknown) => ({
    checks: [{ name: 'completed', ok: false, seen: String(error) }],
    figures: {},
  }));
  const seconds = (performance.now() - started) / 1000;
  for (const check of result.checks) console.log(checkLine(check));
  reported.push({ name, seconds, ...result });
}

const checks = reported.flatMap((part) => part.checks);
const failed = checks.filter(({ ok }) => !ok).length;
mkdirSync(distFolder, { recursive: true });
writeFileSync(
  join(distFolder, 'kill.json'),
  `${JSON.stringify({ at: new Date().toISOString(), machine: { ...machine, loadAfter: loadavg() }, size, parts: reported }, null, 2)}\n`,
);
console.log(`\n${roundsTable(reported)}\n\n${stepLines(reported)}\n`);
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
// The processes of a part that hangs would keep this one alive.
setTimeout(() => process.exit(), 1000).unref();

async function tooLate(): Promise<never> {
  await wait(patienceMilliseconds, undefined, { ref: false });
  throw new Error(`timed out after ${patienceMilliseconds / 1000} s`);
}
