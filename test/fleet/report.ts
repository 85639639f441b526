import type { MachineData } from '../bench/machine.ts';
import { markdownTable } from '../tools/lib/measured.ts';
import type { AfterOutage, Measures } from './measures.ts';

/** A day, and a day with an outage, of one policy. */
export interface DayResult {
  readonly policy: string;
  readonly measures: Measures;
  readonly after: AfterOutage;
  readonly away: Measures;
}

/** A day of tokens that live so long. */
export interface LifeResult {
  readonly minutes: number;
  readonly developers: number;
  readonly measures: Measures;
}

interface Results {
  readonly version: string;
  readonly machine: MachineData;
  readonly developers: number;
  readonly days: readonly DayResult[];
  /** Ours with ten thousand developers, where the others are done with fewer. */
  readonly full?: DayResult;
  readonly lives: readonly LifeResult[];
  /** `refused`: refreshes that were answered with the end of the session. */
  readonly compromised: { readonly developers: number; readonly refused: number; readonly lost: number };
  readonly atAws: { readonly limited: number; readonly refused: number; readonly lost: number };
  readonly command: string;
  readonly crowd: {
    readonly sessions: number;
    readonly seconds: number;
    /** Of all cores together. */
    readonly processorSeconds: number;
    readonly asked: number;
    readonly measures: Measures;
  };
  readonly seconds: number;
}

/** So long before its end a token of an hour may be without a request, and is refreshed still (`refreshPolicy.ts`). */
const breakMinutes = 10;

/** The results as Markdown. */
export function fleetReport(results: Results): string {
  const { version, machine, developers, days, full, lives, compromised, crowd, atAws, command, seconds } =
    results;
  const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
  const goals = goalsOf(results).map(({ goal, value, isMet }) => [
    goal,
    value,
    typeof isMet === 'string' ? isMet : isMet ? 'met' : '**missed**',
  ]);
  return `## An organization of ${whole(developers)} developers

\`${command}\` lives a working day in virtual time. _Ours_ is the product itself: the composition without an editor in
each window, with its refresh policy, background refresh, back-off and locks; the storage folder and the network are in
memory. The others are models of what their sources do. A developer has one to four windows, whose tools ask for a token
once a minute while they work; the day begins around nine (standard deviation 45 minutes), has lunch in two shifts and two
meetings; some laptops sleep meanwhile and wake within the same five minutes, and four of five are closed in the evening.
A token lives an hour. The identity provider rotates refresh tokens, ends a session whose old one comes again, and lets
${whole(developers / 10)} requests a minute through (for ten thousand developers Okta's 2,000 of a token endpoint of Workforce Identity, of which one
application may have half; 429 with \`X-Rate-Limit-Reset\`). A peak is that of five minutes, or of as long as it takes for 300 requests
(${((days[0]?.measures.peakSeconds ?? 0) / 60).toFixed(0)} minutes here), over the mean of the hour around it.

![Token requests per second over a working day, ours and four other policies](fleet-day.svg)

${markdownTable(
  [
    'policy',
    'peak / mean',
    'of it returns',
    'busiest minute, per s',
    'mean, per s',
    'requests per developer',
    '/ fewest',
    'waited',
    'median, longest',
    'waited while good',
    'refused',
    '429',
    'lost',
  ],
  [...days, ...fullRow(full)].map(({ policy, measures: m }) => [
    policy,
    m.peakOverMean.toFixed(2),
    m.returnsInPeak.toFixed(2),
    m.peakMinute.toFixed(2),
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
)}

_Returns_ are requests of people who come back from a meeting or lunch to a token that ran out meanwhile. They come in the five minutes
after a full or half hour, and each is needed at once, by every policy that makes one request in the life of a token; what such a policy
decides is the rest. It could also refresh while nothing asks, so that fewer tokens run out: ours does so for ${breakMinutes} minutes of a token of
an hour. For longer pauses it costs more than the goal of 5 % allows, most of it in the evening, when no one comes back.

_Fewest_: one token after the other, each used up to the last minute in which it may be handed out, so that a good one is there at
every moment of work. _At expiry_ hands tokens out up to their last second, and so can need fewer.

### Ten minutes without the identity provider, at nine

![Token requests per second before, during and after an outage](fleet-outage.svg)

${markdownTable(
  ['policy', 'peak after it / mean', 'calm after', 'sent in vain', 'callers refused', 'lost'],
  [...days, ...fullRow(full)].map(({ policy, after, away }) => [
    policy,
    after.peakOverMean.toFixed(2),
    `${after.calmAfter} s`,
    whole(after.inVain),
    whole(away.refused),
    whole(away.lost),
  ]),
)}

The mean is that of the same hour without an outage; calm is a minute below one and a half times of it, for good. The work of ten
minutes, spread evenly over the five after them, is twice the mean on top of what comes anyway: three times and five minutes are the
least at once, and only with the longest waits from the first failure on. Ours tries again after 5 s, 15 s, 45 s and so on up to five minutes,
so that an outage of seconds is over in seconds; that is what the peak is higher for. Each window makes its first try by itself, and
only from the second on the windows of a machine take turns. With fewer developers the busiest minute is one of several.

### Other lives of a token

${markdownTable(
  ['life', 'peak / mean', 'requests per developer', '/ fewest', 'waited while good', 'lost'],
  lives.map(({ minutes, measures: m }) => [
    minutes < 60 ? `${minutes} min` : `${minutes / 60} h`,
    m.mean * 3600 < 600 ? '–' : m.peakOverMean.toFixed(2),
    m.requestsPerDeveloper.toFixed(2),
    m.overLeast.toFixed(3),
    whole(m.waitedWhileGood),
    whole(m.lost),
  ]),
)}

${whole(lives[0]?.developers ?? 0)} developers, without a limit. Peaks of so few requests that chance makes them are left out.

AWS documents 20 requests per second for the APIs of IAM Identity Center, and no limit of its token endpoint. With 20 for ten
thousand developers, in the same proportion here, and 429 without a header, ${whole(atAws.limited)} requests of a morning until 11:00 are refused
so, ${whole(atAws.refused)} callers get no token for it, and ${whole(atAws.lost)} sessions are lost.

### All sessions ended at once

At 14:00 the organization revokes every refresh token of ${whole(compromised.developers)} developers. Until 16:00 it refuses ${whole(compromised.refused)} refreshes: one for each session that
is in use. Nothing asks again for a session that has ended.

### Many sessions

${whole(crowd.sessions)} sessions in one organization, with one window each, until ten o'clock, when nine of ten people have come:
${whole(crowd.asked)} requests for a token and ${whole(crowd.measures.requestsPerDeveloper * crowd.sessions)} token requests in ${crowd.seconds.toFixed(0)} s of real time, and ${(crowd.processorSeconds / 2).toFixed(0)} s of each of two cores.

### Goals

${markdownTable(['goal', 'measured', ''], goals)}

Extension ${version}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, load average ${machine.loadAverage.toFixed(1)} when it began; ${seconds.toFixed(0)} s.
`;
}

/** Of ten thousand, whose peaks are those of five minutes. */
function fullRow(full: DayResult | undefined): readonly DayResult[] {
  return full === undefined ? [] : [{ ...full, policy: '**ours, 10,000 developers**' }];
}

function goalsOf({ days, full, crowd, machine }: Results) {
  const isBusy = machine.loadAverage > machine.cores;
  const mine = full ?? days.find(({ policy }) => policy === 'ours');
  if (mine === undefined) return [];
  const { measures, after, away } = mine;
  return [
    {
      goal: 'peak at most 1.5 times the mean of the hour',
      value: `${measures.peakOverMean.toFixed(2)}, of it returns ${measures.returnsInPeak.toFixed(2)}`,
      isMet: measures.peakOverMean <= 1.5,
    },
    {
      goal: 'after an outage at most 3 times',
      value: after.peakOverMean.toFixed(2),
      isMet: after.peakOverMean <= 3,
    },
    { goal: 'calm within 5 minutes', value: `${after.calmAfter} s`, isMet: after.calmAfter <= 300 },
    {
      goal: 'no caller waits while a token is good',
      value: String(measures.waitedWhileGood),
      isMet: measures.waitedWhileGood === 0,
    },
    {
      goal: 'no session lost',
      value: String(measures.lost + away.lost),
      isMet: measures.lost + away.lost === 0,
    },
    {
      goal: 'requests at most 1.05 times the fewest',
      value: measures.overLeast.toFixed(3),
      isMet: measures.overLeast <= 1.05,
    },
    {
      goal: `${crowd.sessions.toLocaleString('en-US')} sessions in two minutes`,
      value: `${crowd.seconds.toFixed(0)} s; ${(crowd.processorSeconds / 2).toFixed(0)} s of each core`,
      isMet:
        crowd.seconds > 120 && isBusy && crowd.processorSeconds / 2 <= 120
          ? 'not shown: a busy machine'
          : crowd.seconds <= 120,
    },
  ];
}
