import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder, projectRoot } from '../tools/lib/paths.ts';
import { breaksTheRun, judge } from './figure.ts';
import { measureHeadless } from './headless.ts';
import { measureInHost } from './inHost.ts';
import { machineData } from './machine.ts';
import { writeMeasured } from '../tools/lib/measured.ts';
import { measuredTable, tableOf } from './table.ts';

/** `npm run bench`, once everything is built and installed. */
const machine = machineData();
const started = performance.now();
const headless = await measureHeadless();
const inHost = await measureInHost();
const seconds = Math.round((performance.now() - started) / 1000);

const figures = [...inHost.figures, ...headless].map(judge);
const broken = figures.filter(breaksTheRun);
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const facts = { command: 'npm run bench', extension: version, ...machine, ...inHost.versions, seconds };

writeFileSync(join(distFolder, 'bench.json'), `${JSON.stringify({ facts, figures }, undefined, 2)}\n`);
await writeMeasured('npm run bench', measuredSection());
console.log(`\n${tableOf(figures)}\n`);
for (const [name, value] of Object.entries(facts)) console.log(`${name}: ${value}`);
console.log(
  '\nratio: value / bound. A time that is over its bound does not break the run; a size or a count does.' +
    (broken.length > 0 ? `\nBroken: ${broken.map(({ name }) => name.trim()).join('; ')}` : ''),
);
process.exitCode = broken.length > 0 ? 1 : 0;

function measuredSection(): string {
  const { cores, processor, memoryGiB, system, node, loadAverage } = machine;
  return `## One window

\`npm run bench\`, in ${inHost.versions['VS Code'] ?? 'VS Code'} and Chromium ${inHost.versions['Chromium'] ?? ''}.

${measuredTable(figures)}

Extension ${version}, ${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node ${node}, load average ${loadAverage.toFixed(1)} when it began; ${seconds} s.
`;
}
