import type { Clock } from '../ports.ts';
import type { Session } from './session.ts';

/** Every computer's clock is corrected by less than this. */
const toleranceMilliseconds = 2 * 60_000;

/** Tells whether the clock of this machine can still say how old a token is. */
export class ClockWatch {
  readonly #clock: Clock;
  /** By session, of its token: how far the wall clock was ahead of the one that is never set, at most. */
  readonly #leads = new Map<string, { readonly obtainedAt: number; readonly lead: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether the clock was set back since the token of a session came, so that the token is older than it looks. Once it was
   * asked about here, that is seen by another clock, where the host has one; before that, only of a token from the future.
   */
  wasSetBack({ id, tokenSet: { obtainedAt } }: Session): boolean {
    if (this.#clock.now() < obtainedAt - toleranceMilliseconds) return true;
    const steady = this.#clock.monotonic?.();
    if (steady === undefined) return false;
    const lead = this.#clock.now() - steady;
    const seen = this.#leads.get(id);
    // A machine that slept is further ahead: the steady clock may have stood still.
    if (seen?.obtainedAt === obtainedAt && lead < seen.lead) return lead < seen.lead - toleranceMilliseconds;
    this.#leads.set(id, { obtainedAt, lead });
    return false;
  }

  /** The session is gone. */
  forget(id: string): void {
    this.#leads.delete(id);
  }
}
