import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineData } from '../bench/machine.ts';
import { writeMeasured } from '../tools/lib/measured.ts';
import { distFolder, projectRoot } from '../tools/lib/paths.ts';
import { compareDays, fullDay } from './days.ts';
import { partReports } from './report.ts';
import { atAws, endedAtOnce, manySessions, otherLives } from './parts.ts';

/**
 * `npm run bench:fleet` writes the organization sections of docs/MEASURED.md with two charts, and
 * dist/fleet-….json. `-- --developers 2000` compares the policies with fewer developers; `-- --only
 * full,sessions` measures and writes these sections.
 */
const { values } = parseArgs({
  options: { developers: { type: 'string', default: '10000' }, only: { type: 'string' } },
});
const developers = Number(values.developers);
const parts = {
  policies: () => compareDays(developers),
  full: fullDay,
  lives: () => otherLives(developers),
  aws: () => atAws(developers),
  ended: () => endedAtOnce(developers),
  sessions: () => manySessions(developers),
};
type Part = keyof typeof parts;
const names = Object.keys(parts) as Part[];
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name as Part));
if (unknown.length > 0)
  throw new Error(`No such part: ${unknown.join(', ')}. There are ${names.join(', ')}.`);

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
mkdirSync(distFolder, { recursive: true });
for (const name of names.filter((one) => wanted.includes(one))) {
  const machine = machineData();
  const started = performance.now();
  const processorBefore = process.cpuUsage();
  const result = await parts[name]();
  const { user, system } = process.cpuUsage(processorBefore);
  const effort = {
    ...{ version, machine, developers },
    seconds: (performance.now() - started) / 1000,
    processorSeconds: (user + system) / 1e6,
  };
  writeFileSync(
    join(distFolder, `fleet-${name}.json`),
    `${JSON.stringify({ ...effort, result }, undefined, 2)}\n`,
  );
  const report = partReports[name](result as never, effort);
  console.log(`\n${report}`);
  // Runs with a few hundred only show that it works.
  if (developers >= 2000) await writeMeasured(`npm run bench:fleet -- --only ${name}`, report);
}
