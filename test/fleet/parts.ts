import { hour, life, oktaLimit } from './days.ts';
import { quietDay } from './developers.ts';
import { measuresOf } from './measures.ts';
import type { Measures } from './measures.ts';
import { onTwoCores } from './onTwoCores.ts';
import { simulate } from './simulate.ts';
import type { Observed } from './simulate.ts';

/** A day with tokens of this lifetime. */
export interface LifeResult {
  readonly minutes: number;
  readonly developers: number;
  readonly measures: Measures;
}

const revokedAt = 14 * hour;
const few = (developers: number): number => Math.max(Math.round(developers / 5), 100);

/** The product with token lifetimes from five minutes to twelve hours. */
export async function otherLives(developers: number): Promise<readonly LifeResult[]> {
  const lives: LifeResult[] = [];
  for (const minutes of [5, 15, 240, 720]) {
    const observed = await onTwoCores({
      ...{ policy: 'ours', first: 0, developers: few(developers), until: 24 * hour },
      plan: { life: minutes * 60_000 },
    });
    lives.push({ minutes, developers: few(developers), measures: measuresOf(observed) });
  }
  return lives;
}

/** AWS documents 20 requests per second for the APIs of IAM Identity Center, but no limit for its token endpoint. */
export async function atAws(
  developers: number,
): Promise<Pick<Observed, 'limited' | 'refused' | 'lost'> & Pick<Measures, 'peakSecond'>> {
  const observed = await simulate({
    ...{ policy: 'ours', first: 0, developers, until: 11 * hour },
    plan: { life, limit: { style: 'aws', most: (20 * developers) / 10_000 } },
  });
  const { limited, refused, lost } = observed;
  return { limited, refused, lost, peakSecond: measuresOf(observed).peakSecond };
}

/** `refused`: refreshes that were told that the session has ended. */
export interface EndResult {
  readonly developers: number;
  readonly refused: number;
  readonly lost: number;
}

/** All refresh tokens are revoked at 2 p.m. */
export async function endedAtOnce(developers: number): Promise<EndResult> {
  const { ended, lost } = await onTwoCores({
    ...{ policy: 'ours', first: 0, developers: few(developers), until: 16 * hour },
    plan: { life, revokedAt },
  });
  return { developers: few(developers), refused: ended, lost };
}

export interface CrowdResult {
  readonly sessions: number;
  readonly asked: number;
  readonly measures: Measures;
}

/** A hundred thousand sessions, or ten times the number of developers if that is less. */
export async function manySessions(developers: number): Promise<CrowdResult> {
  const sessions = Math.max(developers * 10, developers < 2000 ? 0 : 100_000);
  const observed = await onTwoCores({
    ...{ policy: 'ours', first: 0, developers: sessions, until: 10 * hour, rhythm: quietDay },
    plan: { life, limit: oktaLimit(sessions) },
  });
  return { sessions, asked: observed.asked, measures: measuresOf(observed) };
}
