import * as v from 'valibot';

/** The duration of one session, from sign-in to end. */
export interface EndedSpan {
  /** Time of the sign-in, epoch milliseconds; identifies the session. */
  readonly signedInAt: number;
  readonly milliseconds: number;
}

/** Number of equal spans in a row that make a pattern. */
const enoughEqualSpans = 3;
/**
 * Spans count as equal within an eighth of the longest, or a minute: an end is noticed only at the next
 * refresh, up to a token's lifetime later.
 */
const toleranceFraction = 1 / 8;
const minToleranceMilliseconds = 60_000;

/** The stored spans of a connection. */
export const endedSpansSchema = v.array(v.object({ signedInAt: v.number(), milliseconds: v.number() }));

/**
 * Adds a span: each session once, the three latest sign-ins. Returns the same list if nothing changes; ignores
 * spans that are not positive.
 */
export function withSpan(spans: readonly EndedSpan[], span: EndedSpan): readonly EndedSpan[] {
  if (!(span.milliseconds > 0) || spans.some(({ signedInAt }) => signedInAt === span.signedInAt))
    return spans;
  const last = [...spans, span].sort((a, b) => a.signedInAt - b.signedInAt).slice(-enoughEqualSpans);
  return last.includes(span) ? last : spans;
}

/**
 * The typical session length in milliseconds: the shortest of the last three spans, if they are equal;
 * undefined otherwise.
 */
export function typicalSessionLength(spans: readonly EndedSpan[]): number | undefined {
  const last = spans.slice(-enoughEqualSpans).map(({ milliseconds }) => milliseconds);
  if (last.length < enoughEqualSpans) return undefined;
  const longest = Math.max(...last);
  const shortest = Math.min(...last);
  const tolerance = Math.max(longest * toleranceFraction, minToleranceMilliseconds);
  return longest - shortest <= tolerance ? shortest : undefined;
}
