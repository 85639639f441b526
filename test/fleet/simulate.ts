import { developerOf, leastTokens } from './developers.ts';
import type { Rhythm } from './developers.ts';
import { modeledPolicies, openModel } from './models.ts';
import { createCallers } from './notes.ts';
import { createOrganization } from './organization.ts';
import type { OrganizationPlan } from './organization.ts';
import { openProduct } from './product.ts';
import { randomOf } from './random.ts';
import type { Span } from './virtualTime.ts';
import { createVirtualTime } from './virtualTime.ts';

/** The parameters of a simulation. All times are milliseconds since midnight. */
export interface Simulation {
  /** `ours` is the product itself; the others are names in {@link modeledPolicies}. */
  readonly policy: string;
  readonly plan: OrganizationPlan;
  /** The first developer's number, and how many there are. */
  readonly first: number;
  readonly developers: number;
  /** {@link workingDay} by default. */
  readonly rhythm?: Rhythm;
  /** End of the simulation; a whole day has 24 hours. */
  readonly until: number;
}

/** The results. */
export interface Observed {
  /** Token requests in each second of the day. */
  readonly perSecond: Uint32Array;
  /** Those sent without a valid token: the first request after a pause in which it expired. */
  readonly returns: Uint32Array;
  /** Those whose laptop slept or was off when the token expired: no policy can refresh then. */
  readonly fromSleep: Uint32Array;
  readonly developers: number;
  /** The minimum number of requests that token lifetimes allow. */
  readonly least: number;
  readonly limited: number;
  readonly asked: number;
  readonly waits: readonly number[];
  readonly waitedWhileGood: number;
  readonly refused: number;
  /** Sessions lost without the organization ending them: a refresh token was used twice. */
  readonly lost: number;
  /** Sessions ended by the organization, as far as the fleet has noticed. */
  readonly ended: number;
}

const midnight = Date.UTC(2026, 0, 7);
const minute = 60_000;

/** Simulates one day of an organization in virtual time. */
export async function simulate(simulation: Simulation): Promise<Observed> {
  const { policy, plan, first, developers, until, rhythm } = simulation;
  const time = createVirtualTime(midnight);
  const random = randomOf(first + 1);
  const absolute = (span: Span): Span => ({ from: midnight + span.from, to: midnight + span.to });
  const organization = createOrganization(
    {
      ...plan,
      ...(plan.outage === undefined ? {} : { outage: absolute(plan.outage) }),
      ...(plan.revokedAt === undefined ? {} : { revokedAt: midnight + plan.revokedAt }),
    },
    time,
    random,
  );
  const callers = createCallers();
  const model = modeledPolicies.find(({ name }) => name === policy);
  let least = 0;
  const sleeps: (readonly Span[])[] = [];
  const day = { organization, time, midnight, notes: callers };
  for (let id = first; id < first + developers; id++) {
    const developer = developerOf(id, rhythm);
    sleeps.push(developer.sleeps);
    least += leastTokens(developer, plan.life - minute, until);
    if (model === undefined) openProduct(developer, day);
    else openModel(model, developer, { ...day, life: plan.life, random });
  }
  await time.run(midnight + until);
  const perSecond = new Uint32Array(24 * 3600);
  const returns = new Uint32Array(24 * 3600);
  const fromSleep = new Uint32Array(24 * 3600);
  const slept = (grant: number, moment: number): boolean =>
    (sleeps[grant] ?? []).some(({ from, to }) => moment >= from && moment < to);
  const count = (seconds: Uint32Array, second: number): void => {
    seconds[second] = (seconds[second] ?? 0) + 1;
  };
  for (const { at, isAhead, goodUntil, grant } of organization.requests) {
    const second = Math.floor((at - midnight) / 1000);
    count(perSecond, second);
    if (isAhead) continue;
    count(returns, second);
    if (slept(grant, Math.max(goodUntil - midnight, 0))) count(fromSleep, second);
  }
  const limited = organization.requests.filter(({ outcome }) => outcome === 'limited').length;
  const revoked = organization.requests.filter(({ outcome }) => outcome === 'revoked').length;
  const { asked, waits, waitedWhileGood, refused } = callers;
  const lost = organization.reused;
  return {
    ...{ perSecond, returns, fromSleep, developers, least, limited, asked, waits, waitedWhileGood, refused },
    ...{ lost, ended: revoked - lost },
  };
}

/** Combines two parts of one organization. */
export function together(one: Observed, other: Observed): Observed {
  return {
    perSecond: one.perSecond.map((count, second) => count + (other.perSecond[second] ?? 0)),
    returns: one.returns.map((count, second) => count + (other.returns[second] ?? 0)),
    fromSleep: one.fromSleep.map((count, second) => count + (other.fromSleep[second] ?? 0)),
    waits: one.waits.concat(other.waits),
    developers: one.developers + other.developers,
    least: one.least + other.least,
    limited: one.limited + other.limited,
    asked: one.asked + other.asked,
    waitedWhileGood: one.waitedWhileGood + other.waitedWhileGood,
    refused: one.refused + other.refused,
    lost: one.lost + other.lost,
    ended: one.ended + other.ended,
  };
}
