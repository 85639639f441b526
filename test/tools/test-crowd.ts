import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crowdPart } from '../kill/killTest.ts';
import { checkLine } from '../kill/report.ts';
import { distFolder } from './lib/paths.ts';

/** `npm run test:crowd`, or `-- --processes 20 --seconds 60`: many windows over the same sessions, and `dist/crowd.json`. */
const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '200' },
    sessions: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '300' },
  },
});
const { name, run } = crowdPart({
  processes: Number(values.processes),
  sessions: Number(values.sessions),
  seconds: Number(values.seconds),
});
const loadBefore = loadavg()[0];
console.log(`── ${name}`);
const { checks, figures } = await run();
for (const check of checks) console.log(checkLine(check));
const { acceptedBySession: _, ...shown } = figures as Record<string, unknown>;
console.log(JSON.stringify({ ...shown, loadBefore, loadAfter: loadavg()[0] }, undefined, 2));
mkdirSync(distFolder, { recursive: true });
writeFileSync(
  join(distFolder, 'crowd.json'),
  `${JSON.stringify({ name, loadBefore, checks, figures }, undefined, 2)}\n`,
);
process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
