import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crowdPace, crowdPart } from '../kill/killTest.ts';
import { checkLine } from '../kill/report.ts';
import { markdownTable, writeMeasured } from './lib/measured.ts';
import { distFolder } from './lib/paths.ts';

/**
 * `npm run test:crowd`, or `-- --processes 24 --machines 6 --seconds 60`: many windows share the sessions of their
 * machine; writes `dist/crowd.json`. `--graceSeconds 30` is Okta's default grace period.
 */
const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '200' },
    machines: { type: 'string', default: '50' },
    sessions: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '300' },
    graceSeconds: { type: 'string', default: '0' },
  },
});
const { name, run } = crowdPart({
  processes: Number(values.processes),
  machines: Number(values.machines),
  sessions: Number(values.sessions),
  seconds: Number(values.seconds),
  graceSeconds: Number(values.graceSeconds),
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
const number = (value: unknown): string =>
  Number(value).toLocaleString('en-US', { maximumFractionDigits: 0 });
const wrong = checks.filter(({ ok }) => !ok).map((one) => one.name);
const sizes = ['processes', 'machines', 'sessions', 'seconds', 'graceSeconds'] as const;
const command = `npm run test:crowd -- ${sizes.map((size) => `--${size} ${values[size]}`).join(' ')}`;
await writeMeasured(
  'npm run test:crowd',
  `## Many windows

\`${command}\`: windows without an editor, one process each. Those of a
machine share its folder and sessions, and all machines share the sandbox, whose tokens live 20 s. Each window asks for every token of
its machine about every ${crowdPace(Number(values.processes)) / 1000} seconds. The time starts when all windows are at work.

${markdownTable(
  [
    'windows at work',
    'machines',
    'sessions of each',
    'tokens served',
    'callers that waited',
    'refreshes',
    'lost',
    'errors',
    'memory each',
    'processor each',
    'start of each',
    'processor of the sandbox',
  ],
  [
    [
      number(shown['atWork']),
      values.machines,
      values.sessions,
      number(shown['handedOut']),
      number(shown['waited']),
      number(shown['acceptedRefreshes']),
      number(shown['lost']),
      wrong.length === 0 ? 'none' : wrong.join('; '),
      `${number(shown['megabytesPerWindow'])} MB, including its share of Node's own`,
      `${number(shown['processorMillisecondsPerWindowAndSecond'])} ms a second`,
      `${number(shown['startMillisecondsPerWindow'])} ms of processor time`,
      `${number(shown['serverMillisecondsPerSecond'])} ms a second`,
    ],
  ],
)}

All windows were at work after ${number(shown['startSeconds'])} s; load average ${loadBefore?.toFixed(1)} at the start.
`,
);
process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
