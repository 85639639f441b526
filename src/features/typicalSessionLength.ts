import * as v from 'valibot';

/** How long one session lasted, from the sign-in to its end. */
export interface EndedSpan {
  /** When the person signed in, epoch milliseconds: what tells two ends apart. */
  readonly signedInAt: number;
  readonly milliseconds: number;
}

/** So many ends in a row make a habit. */
const habit = 3;
/**
 * Spans are the same when they differ by an eighth of the longest, or by a minute: an end is noticed at the next
 * refresh, up to a token's life after it.
 */
const toleranceFraction = 1 / 8;
const leastToleranceMilliseconds = 60_000;

/** The shape of what is kept of a connection's ends. */
export const endedSpansSchema = v.array(v.object({ signedInAt: v.number(), milliseconds: v.number() }));

/**
 * Spans with one more: each end once, the last three by their sign-in. The same list when that changes nothing. One
 * that is not longer than nothing does not count.
 */
export function withSpan(spans: readonly EndedSpan[], span: EndedSpan): readonly EndedSpan[] {
  if (!(span.milliseconds > 0) || spans.some(({ signedInAt }) => signedInAt === span.signedInAt))
    return spans;
  const last = [...spans, span].sort((a, b) => a.signedInAt - b.signedInAt).slice(-habit);
  return last.includes(span) ? last : spans;
}

/** After how many milliseconds a session usually ends: the shortest of the last three spans, if they are the same. */
export function typicalSessionLength(spans: readonly EndedSpan[]): number | undefined {
  const last = spans.slice(-habit).map(({ milliseconds }) => milliseconds);
  if (last.length < habit) return undefined;
  const longest = Math.max(...last);
  const shortest = Math.min(...last);
  const tolerance = Math.max(longest * toleranceFraction, leastToleranceMilliseconds);
  return longest - shortest <= tolerance ? shortest : undefined;
}
