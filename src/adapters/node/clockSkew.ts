import type { ClockSkew } from '../../features/diagnosticsData.ts';
import type { Log } from '../../core/ports.ts';

/** A larger difference is a wrong clock, not network latency. */
const notableMilliseconds = 2 * 60_000;

/**
 * Compares this machine's clock with the `Date` of responses (RFC 9110, 6.6.1) and logs, once per host, a
 * difference of more than two minutes. Tokens are unaffected: their lifetime counts from this machine's clock.
 * `seen` holds the last difference per host.
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
