import type { Clock } from '../ports.ts';
import type { Session } from './session.ts';

/** Routine clock corrections are smaller than this. */
const toleranceMilliseconds = 2 * 60_000;

/** Detects that the clock was set back, which makes tokens look younger than they are. */
export class ClockWatch {
  readonly #clock: Clock;
  /** By session ID: the largest lead of the wall clock over the monotonic one, for the current token. */
  readonly #leads = new Map<string, { readonly obtainedAt: number; readonly lead: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether the clock was set back since a session's token arrived. After the first call for a token, compares
   * with the host's monotonic clock, if any; before that, detects only a token from the future.
   */
  wasSetBack({ id, tokenSet: { obtainedAt } }: Session): boolean {
    if (this.#clock.now() < obtainedAt - toleranceMilliseconds) return true;
    const steady = this.#clock.monotonic?.();
    if (steady === undefined) return false;
    const lead = this.#clock.now() - steady;
    const seen = this.#leads.get(id);
    // Sleep increases the lead, since the monotonic clock may pause; only a decrease counts.
    if (seen?.obtainedAt === obtainedAt && lead < seen.lead) return lead < seen.lead - toleranceMilliseconds;
    this.#leads.set(id, { obtainedAt, lead });
    return false;
  }

  forget(id: string): void {
    this.#leads.delete(id);
  }
}
