import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineData } from '../bench/machine.ts';
import { writeMeasured } from '../tools/lib/measured.ts';
import { distFolder, projectRoot } from '../tools/lib/paths.ts';
import { svgOf } from './charts.ts';
import { quietDay } from './developers.ts';
import type { Line } from './charts.ts';
import { afterOutage, measuresOf } from './measures.ts';
import { modeledPolicies } from './models.ts';
import { onTwoCores } from './onTwoCores.ts';
import { fleetReport } from './report.ts';
import type { DayResult, LifeResult } from './report.ts';
import { simulate } from './simulate.ts';
import type { Observed } from './simulate.ts';

/** `npm run bench:fleet`, or `-- --developers 1000`: docs/MEASURED.md with two charts, and dist/fleet.json. */
const given = process.argv.indexOf('--developers');
const developers = given < 0 ? 10_000 : Number(process.argv[given + 1]);

const minute = 60_000;
const hour = 60 * minute;
const life = hour;
/** Okta, Workforce Identity: 2,000 requests a minute to a token endpoint, of which one application may have half. */
const okta = { style: 'okta', most: developers / 10 } as const;
/** AWS documents 20 requests per second for the APIs of IAM Identity Center, and none for its token endpoint. */
const aws = { style: 'aws', most: (20 * developers) / 10_000 } as const;
const outage = { from: 9 * hour, to: 9 * hour + 10 * minute };
const revokedAt = 14 * hour;
const policies = ['ours', ...modeledPolicies.map(({ name }) => name)];
const machine = machineData();
const started = performance.now();
const tell = (text: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);

const days: DayResult[] = [];
const lines: { readonly day: Line[]; readonly outage: Line[] } = { day: [], outage: [] };
for (const policy of policies) {
  const { day, away, result } = await dayOf(policy, developers);
  days.push(result);
  lines.day.push(lineOf(policy, day));
  lines.outage.push(lineOf(policy, away));
  tell(policy);
}

/** The others are told apart by fewer; the goals are those of ten thousand. */
const goalSize = 10_000;
const isSmaller = developers >= 2000 && developers < goalSize;
const full = isSmaller ? await dayOf('ours', goalSize) : undefined;
if (full !== undefined) tell(`ours, ${goalSize} developers`);

const few = Math.max(Math.round(developers / 5), 100);
const lives: LifeResult[] = [];
for (const minutes of [5, 15, 240, 720]) {
  const observed = await onTwoCores({
    ...{ policy: 'ours', first: 0, developers: few, until: 24 * hour },
    plan: { life: minutes * minute },
  });
  lives.push({ minutes, developers: few, measures: measuresOf(observed) });
  tell(`tokens of ${minutes} min`);
}
const atAws = await simulate({
  ...{ policy: 'ours', first: 0, developers, until: 11 * hour },
  plan: { life, limit: aws },
});
tell('with the limit of AWS');
const compromised = await onTwoCores({
  ...{ policy: 'ours', first: 0, developers: few, until: 16 * hour },
  plan: { life, revokedAt },
});
tell('all sessions ended at once');

const many = Math.max(developers * 10, developers < 2000 ? 0 : 100_000);
const crowdStarted = performance.now();
const processorBefore = process.cpuUsage();
const crowd = await onTwoCores({
  ...{ policy: 'ours', first: 0, developers: many, until: 10 * hour, rhythm: quietDay },
  plan: { life, limit: { ...okta, most: many / 10 } },
});
const crowdSeconds = (performance.now() - crowdStarted) / 1000;
const { user, system } = process.cpuUsage(processorBefore);
tell(`${many} sessions`);

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const results = {
  ...{ version, machine, developers, days, lives },
  ...(full === undefined ? {} : { full: full.result }),
  compromised: { developers: few, refused: compromised.ended, lost: compromised.lost },
  atAws: { limited: atAws.limited, refused: atAws.refused, lost: atAws.lost },
  command: given < 0 ? 'npm run bench:fleet' : `npm run bench:fleet -- --developers ${developers}`,
  crowd: {
    sessions: many,
    seconds: crowdSeconds,
    processorSeconds: (user + system) / 1e6,
    asked: crowd.asked,
    measures: measuresOf(crowd),
  },
  seconds: (performance.now() - started) / 1000,
};
mkdirSync(distFolder, { recursive: true });
writeFileSync(join(distFolder, 'fleet.json'), `${JSON.stringify(results, undefined, 2)}\n`);
const docs = join(projectRoot, 'docs');
const report = fleetReport(results);
console.log(`\n${report}`);
if (developers >= 2000) {
  await writeMeasured('npm run bench:fleet', report);
  writeFileSync(
    join(docs, 'fleet-day.svg'),
    svgOf({
      title: 'Token requests per second of a working day',
      lines: lines.day,
      from: 7 * 60,
      to: 19 * 60,
    }),
  );
  writeFileSync(
    join(docs, 'fleet-outage.svg'),
    svgOf({
      title: 'Token requests per second: ten minutes without the identity provider, and after',
      lines: lines.outage,
      from: 8.5 * 60,
      to: 10.5 * 60,
      marked: { name: 'outage', from: outage.from / minute, to: outage.to / minute },
    }),
  );
}

/** A day with one policy, and the morning of one with an outage. */
async function dayOf(
  policy: string,
  size: number,
): Promise<{ readonly result: DayResult; readonly day: Observed; readonly away: Observed }> {
  const limit = { ...okta, most: size / 10 };
  const whole = { policy, first: 0, developers: size };
  const day = await onTwoCores({ ...whole, until: 24 * hour, plan: { life, limit } });
  const away = await onTwoCores({ ...whole, until: 11 * hour, plan: { life, limit, outage } });
  const [measures, after] = [measuresOf(day), afterOutage(away, day, outage)];
  return { result: { policy, measures, after, away: measuresOf(away) }, day, away };
}

function lineOf(name: string, { perSecond }: Observed): Line {
  const rates = Array.from({ length: perSecond.length / 60 }, (_, at) => {
    const seconds = perSecond.subarray(at * 60, (at + 1) * 60);
    return seconds.reduce((sum, count) => sum + count, 0) / 60;
  });
  return { name, rates, isOurs: name === 'ours' };
}
