import type { ClockSkew } from '../../features/diagnosticsData.ts';
import type { Log } from '../../core/ports.ts';

/** More than this is not a delay on the way, but a clock that is wrong. */
const notableMilliseconds = 2 * 60_000;

/**
 * Compares this machine's clock with the `Date` of answers (RFC 9110, 6.6.1) and says once a host when they differ
 * by more than two minutes. Tokens do not suffer from it: their life counts from our own clock. `seen` keeps what the
 * last answer of each host told.
 */
export function createSkewWatch(
  now: () => number,
  log: Log,
  seen = new Map<string, ClockSkew>(),
): (host: string, date: string | null) => void {
  const said = new Set<string>();
  return (host, date) => {
    const skew = date === null ? NaN : Date.parse(date) - now();
    if (Number.isFinite(skew)) seen.set(host, { host, seconds: Math.round(skew / 1000), at: now() });
    if (!(Math.abs(skew) > notableMilliseconds) || said.has(host)) return;
    said.add(host);
    log.warn("The clock of this machine differs from the server's", {
      host,
      seconds: Math.round(skew / 1000),
    });
  };
}
