import type { TokenSet } from '../tokenSet.ts';

/** Who asks for a token gets one that is valid for at least a minute (DESIGN.md, rules of a session, 3). */
export const leastValidityMilliseconds = 60_000;
/** A token that lives less than this is good for half its life instead. */
export const shortLifeMilliseconds = 2 * 60_000;

/** What to do with a token that somebody asks for. */
export type RefreshDecision = 'serve' | 'refresh';

/** Whether a token is still good enough to hand out at `now`, epoch milliseconds. Pure. */
export function decideRefresh(now: number, tokenSet: TokenSet): RefreshDecision {
  const life = tokenSet.expiresAt - tokenSet.obtainedAt;
  const least = life < shortLifeMilliseconds ? life / 2 : leastValidityMilliseconds;
  return tokenSet.expiresAt - now >= least ? 'serve' : 'refresh';
}
