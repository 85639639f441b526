import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../tools/lib/paths.ts';
import { svgOf } from './charts.ts';
import type { Line } from './charts.ts';
import { afterOutage, measuresOf } from './measures.ts';
import type { AfterOutage, Measures } from './measures.ts';
import { modeledPolicies } from './models.ts';
import { onTwoCores } from './onTwoCores.ts';
import type { RateLimit } from './organization.ts';
import type { Observed } from './simulate.ts';

/** A day, and a day with an outage, with one policy. */
export interface DayResult {
  readonly policy: string;
  readonly measures: Measures;
  readonly after: AfterOutage;
  readonly away: Measures;
}

const minute = 60_000;
export const hour = 60 * minute;
/** Lifetime of a token. */
export const life = hour;
const outage = { from: 9 * hour, to: 9 * hour + 10 * minute };
/** The goals apply to this number of developers. */
const goalSize = 10_000;

/** Okta Workforce Identity: 2,000 requests per minute to a token endpoint, half of which one application may use. */
export function oktaLimit(developers: number): RateLimit {
  return { style: 'okta', most: developers / 10 };
}

/** Compares the product with the other policies; draws the two charts. */
export async function compareDays(developers: number): Promise<readonly DayResult[]> {
  const days: DayResult[] = [];
  const lines: { readonly day: Line[]; readonly outage: Line[] } = { day: [], outage: [] };
  for (const policy of ['ours', ...modeledPolicies.map(({ name }) => name)]) {
    const { day, away, result } = await dayOf(policy, developers);
    days.push(result);
    lines.day.push(lineOf(policy, day));
    lines.outage.push(lineOf(policy, away));
    console.log(policy);
  }
  if (developers < 2000) return days;
  const docs = join(projectRoot, 'docs');
  const day = {
    ...{ title: 'Token requests per second of a working day', lines: lines.day },
    ...{ from: 7 * 60, to: 19 * 60 },
  };
  const around = {
    title: 'Token requests per second: ten minutes without the identity provider, and after',
    ...{ lines: lines.outage, from: 8.5 * 60, to: 10.5 * 60 },
    marked: { name: 'outage', from: outage.from / minute, to: outage.to / minute },
  };
  writeFileSync(join(docs, 'fleet-day.svg'), svgOf(day));
  writeFileSync(join(docs, 'fleet-outage.svg'), svgOf(around));
  return days;
}

/** The product with the number of developers that the goals apply to. */
export async function fullDay(): Promise<DayResult> {
  return (await dayOf('ours', goalSize)).result;
}

/** A day with one policy, and a morning with an outage. */
async function dayOf(
  policy: string,
  developers: number,
): Promise<{ readonly result: DayResult; readonly day: Observed; readonly away: Observed }> {
  const limit = oktaLimit(developers);
  const whole = { policy, first: 0, developers };
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
