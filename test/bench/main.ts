import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { distFolder, projectRoot } from '../tools/lib/paths.ts';
import { breaksTheRun, judge } from './figure.ts';
import type { JudgedFigure } from './figure.ts';
import { machineData } from './machine.ts';
import type { MachineData } from './machine.ts';
import { writeMeasured } from '../tools/lib/measured.ts';
import { benchParts } from './parts.ts';
import { stage } from './stage.ts';
import { measuredTable, tableOf } from './table.ts';

/**
 * `npm run bench`, or `-- --only startUp,tokens`, after building and installing everything. Each part writes its
 * section of docs/MEASURED.md and dist/bench-….json when it completes, so a failing part does not affect the
 * others.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const names = Object.keys(benchParts);
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`No such part: ${unknown.join(', ')}. There are ${names.join(', ')}.`);

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const all: JudgedFigure[] = [];
const failed: string[] = [];
for (const [name, part] of Object.entries(benchParts)) {
  if (!wanted.includes(name)) continue;
  const machine = machineData();
  const started = performance.now();
  try {
    const { host, figures: found } = await stage(part.title, part.measure);
    const figures = found.map(judge);
    const seconds = Math.round((performance.now() - started) / 1000);
    all.push(...figures);
    const data = { part: name, extension: version, ...machine, host, seconds, figures };
    writeFileSync(join(distFolder, `bench-${name}.json`), `${JSON.stringify(data, undefined, 2)}\n`);
    if (figures.some(({ bound }) => bound !== undefined))
      await writeMeasured(
        `npm run bench -- --only ${name}`,
        `### ${part.title}\n\n${measuredTable(figures)}\n\n${footOf(machine, host, seconds)}\n`,
      );
  } catch (error) {
    failed.push(name);
    console.error(`${name} failed:`, error);
  }
}

const broken = all.filter(breaksTheRun);
console.log(`\n${tableOf(all)}\n`);
console.log(
  'ratio: value / bound. A time that is over its bound does not break the run; a size or a count does.',
);
if (broken.length > 0) console.log(`Broken: ${broken.map(({ name }) => name.trim()).join('; ')}`);
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
// The browser stays open between parts, and would keep this process alive.
process.exit(broken.length + failed.length > 0 ? 1 : 0);

function footOf(machine: MachineData, host: string | undefined, seconds: number): string {
  const { cores, processor, memoryGiB, system, node, loadAverage } = machine;
  const place = `${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node ${node}`;
  const inHost = host === undefined ? '' : `${host}, `;
  return `Extension ${version}, ${inHost}${place}, load average ${loadAverage.toFixed(1)} at the start; ${seconds} s.`;
}
