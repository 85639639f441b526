import type { MachineData } from '../bench/machine.ts';
import { markdownTable } from '../tools/lib/measured.ts';
import type { DayResult } from './days.ts';
import type { CrowdResult, EndResult, LifeResult } from './parts.ts';
import type { Observed } from './simulate.ts';
import type { Measures } from './measures.ts';

/** The cost of a section, and the machine. */
interface Effort {
  readonly version: string;
  readonly machine: MachineData;
  readonly developers: number;
  readonly seconds: number;
  /** Sum over all cores. */
  readonly processorSeconds: number;
}

/** How long before its expiry a one-hour token may be unused and still be refreshed (`refreshPolicy.ts`). */
const breakMinutes = 10;

const whole = (count: number): string => Math.round(count).toLocaleString('en-US');

/** One section of docs/MEASURED.md per part, as Markdown. */
export const partReports = {
  policies: policiesReport,
  full: fullReport,
  lives: livesReport,
  aws: awsReport,
  ended: endedReport,
  sessions: sessionsReport,
};

function policiesReport(days: readonly DayResult[], effort: Effort): string {
  const { developers } = effort;
  return `## An organization of ${whole(developers)} developers

\`npm run bench:fleet -- --developers ${developers}\` simulates a working day in virtual time. _Ours_ is the product itself: the composition without an
editor in each window, with its refresh policy, background refresh, back-off, and locks. The storage folder and the network are in memory. The
other policies are models of what their source code does.

A developer has one to four windows, whose tools ask for a token once a minute while they work. The day starts around nine (standard deviation
45 minutes), with lunch in two shifts and two meetings. Some laptops sleep during these and wake up within the same five minutes, and four
of five are closed in the evening. A token lives an hour. The identity provider rotates refresh tokens, ends a session if its previous refresh token is
used again, and allows ${whole(developers / 10)} requests a minute. For ten thousand developers, that is half of the 2,000 that Okta Workforce Identity allows for a token
endpoint, which is what one application can use. Requests beyond it get a 429 with \`X-Rate-Limit-Reset\`.

![Token requests per second over a working day, ours and four other policies](fleet-day.svg)

${dayTable(days, developers)}

A peak lasts five minutes, or as long as it takes for 300 requests (${((days[0]?.measures.peakSeconds ?? 0) / 60).toFixed(0)} minutes here), and is divided by the mean of the hour around it.
Okta's limits count single minutes, so the busiest minute is shown beside its limit and divided by the mean of its hour.

_Returns_ are requests of people who come back from a meeting or lunch to a token that has expired. They come in the five minutes after a
full or half hour, and each is needed immediately. _At least_ is the best that a policy can reach with the same number of requests: people
whose laptop slept when the token expired come when they come, and all others are spread evenly over the hour. Ours also refreshes a
one-hour token that was unused for up to ${breakMinutes} minutes, so that fewer expire. Doing so for longer pauses costs more than the goal of 5% allows, mostly
in the evening, when people have left.

_Fewest_ is one token after another, each used up to the last minute in which it may be served, so that a valid one is available at every
moment of work. _At expiry_ serves tokens up to their last second, so it can need fewer.

### Ten minutes without the identity provider, at nine

![Token requests per second before, during and after an outage](fleet-outage.svg)

${outageTable(days)}

The mean is the one of the same hour without an outage. A peak lasts a minute, or, with fewer developers, as long as it takes for 120 requests.
_Calm_ means that every later minute stays below one and a half times the mean. _At least_ is ten minutes of work, spread evenly over the five
minutes after the outage, in addition to the usual requests. Only waiting the longest time from the first failure on would reach it. Ours
retries after 5 s and 40 s, and then every five minutes, so that an outage of seconds ends within seconds; this makes its peak higher. The windows of a
computer share this back-off. While a token is still valid, it's retried at any moment of the remaining time.

${footOf(effort)}`;
}

function fullReport(day: DayResult, effort: Effort): string {
  const { measures, after, away } = day;
  const goal = (name: string, value: string, isMet: boolean): string[] => [
    name,
    value,
    isMet ? 'met' : '**missed**',
  ];
  return `### Ours with 10,000 developers

${dayTable([day], 10_000)}

${outageTable([day])}

${markdownTable(
  ['goal', 'measured', ''],
  [
    goal(
      'peak at most 1.5 times the mean of the hour',
      `${measures.peakOverMean.toFixed(2)}; with any policy at least ${measures.leastPeak.toFixed(2)}`,
      measures.peakOverMean <= 1.5,
    ),
    goal(
      'after an outage at most 3 times',
      `${after.peakOverMean.toFixed(2)}; with any policy at least ${after.leastPeak.toFixed(2)}`,
      after.peakOverMean <= 3,
    ),
    goal('calm within 5 minutes', `${after.calmAfter} s`, after.calmAfter <= 300),
    goal(
      'no caller waits while a token is valid',
      String(measures.waitedWhileGood),
      measures.waitedWhileGood === 0,
    ),
    goal('no session lost', String(measures.lost + away.lost), measures.lost + away.lost === 0),
    goal('requests at most 1.05 times the fewest', measures.overLeast.toFixed(3), measures.overLeast <= 1.05),
  ],
)}

${footOf(effort)}`;
}

function dayTable(days: readonly DayResult[], developers: number): string {
  return markdownTable(
    [
      'policy',
      'peak / mean',
      'returns in it',
      'at least',
      'busiest minute / mean',
      'at least',
      'of the limit',
      'mean, per s',
      'requests per developer',
      '/ fewest',
      'waited',
      'median, longest',
      'waited with a valid token',
      'refused',
      '429',
      'lost',
    ],
    days.map(({ policy, measures: m }) => [
      policy,
      m.peakOverMean.toFixed(2),
      m.returnsInPeak.toFixed(2),
      m.leastPeak.toFixed(2),
      m.ofMinute.peakOverMean.toFixed(2),
      m.ofMinute.leastPeak.toFixed(2),
      `${((m.peakMinute * 60 * 100) / (developers / 10)).toFixed(0)}%`,
      m.mean.toFixed(2),
      m.requestsPerDeveloper.toFixed(2),
      m.overLeast.toFixed(3),
      whole(m.waited),
      `${(m.medianWait / 1000).toFixed(1)} s, ${(m.longestWait / 1000).toFixed(1)} s`,
      whole(m.waitedWhileGood),
      whole(m.refused),
      whole(m.limited),
      whole(m.lost),
    ]),
  );
}

function outageTable(days: readonly DayResult[]): string {
  return markdownTable(
    [
      'policy',
      'peak after it / mean',
      'at least',
      'calm after',
      'failed requests',
      'callers refused',
      'lost',
    ],
    days.map(({ policy, after, away }) => [
      policy,
      after.peakOverMean.toFixed(2),
      after.leastPeak.toFixed(2),
      `${after.calmAfter} s`,
      whole(after.inVain),
      whole(away.refused),
      whole(away.lost),
    ]),
  );
}

function livesReport(lives: readonly LifeResult[], effort: Effort): string {
  return `### Other token lifetimes

${markdownTable(
  ['lifetime', 'peak / mean', 'requests per developer', '/ fewest', 'waited with a valid token', 'lost'],
  lives.map(({ minutes, measures: m }) => [
    minutes < 60 ? `${minutes} min` : `${minutes / 60} h`,
    m.mean * 3600 < 600 ? '–' : m.peakOverMean.toFixed(2),
    m.requestsPerDeveloper.toFixed(2),
    m.overLeast.toFixed(3),
    whole(m.waitedWhileGood),
    whole(m.lost),
  ]),
)}

${whole(lives[0]?.developers ?? 0)} developers, without a limit. Peaks are left out if they have so few requests that they are random.

${footOf(effort)}`;
}

function awsReport(
  {
    limited,
    refused,
    lost,
    peakSecond,
  }: Pick<Observed, 'limited' | 'refused' | 'lost'> & Pick<Measures, 'peakSecond'>,
  effort: Effort,
): string {
  return `### A limit per second

AWS documents 20 requests per second for the APIs of IAM Identity Center, and no limit for its token endpoint. With 20 for ten
thousand developers, in proportion for ${whole(effort.developers)}, and a 429 without a header, ${whole(limited)} requests are refused in a morning until 11:00. Because of that,
${whole(refused)} callers get no token, and ${whole(lost)} sessions are lost. The busiest second has ${whole(peakSecond)} requests.

${footOf(effort)}`;
}

function endedReport({ developers, refused }: EndResult, effort: Effort): string {
  return `### All sessions ended at once

At 14:00, the organization revokes every refresh token of ${whole(developers)} developers. Until 16:00, it refuses ${whole(refused)} refreshes: one for each session
in use. No more requests are sent for a session that has ended.

${footOf(effort)}`;
}

function sessionsReport({ sessions, asked, measures }: CrowdResult, effort: Effort): string {
  const { seconds, processorSeconds, machine } = effort;
  const isBusy = machine.loadAverage > machine.cores && processorSeconds / 2 <= 120;
  const verdict = seconds <= 120 ? 'met' : isBusy ? 'not shown: a busy machine' : '**missed**';
  return `### Many sessions

${whole(sessions)} sessions in one organization, with one window each, until ten o'clock, when nine of ten people have arrived:
${whole(asked)} requests for a token and ${whole(measures.requestsPerDeveloper * sessions)} token requests in ${seconds.toFixed(0)} s of real time, and ${(processorSeconds / 2).toFixed(0)} s on each of two cores. The goal
of two minutes is ${verdict}.

${footOf(effort)}`;
}

function footOf({ version, machine, seconds, processorSeconds }: Effort): string {
  return `Extension ${version}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, load average ${machine.loadAverage.toFixed(1)} at the start; ${seconds.toFixed(0)} s, ${processorSeconds.toFixed(0)} s of processor time.
`;
}
