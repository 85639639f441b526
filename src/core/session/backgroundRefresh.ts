import { SignInError } from '../oauth/errors.ts';
import type { Clock, Log } from '../ports.ts';
import type { Refreshes } from './refreshes.ts';
import { decideRefresh, idleMilliseconds, retryAt } from './refreshPolicy.ts';
import { isOver } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/**
 * How often the wall clock is looked at; a timer that slept is late by no more than this. A refresh that a gateway
 * answered in the server's stead is so tried again within Okta's usual grace of 30 s.
 */
const lookMilliseconds = 10_000;

interface RefreshAheadPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: SessionStore;
}

/** Refreshes ahead of time what was requested in the last eight hours. */
export class BackgroundRefresh implements Disposable {
  readonly #ports: RefreshAheadPorts;
  readonly #refreshes: Refreshes;
  readonly #life = new AbortController();
  readonly #askedAt = new Map<string, number>();
  #isLooking = false;

  constructor(ports: RefreshAheadPorts, refreshes: Refreshes) {
    this.#ports = ports;
    this.#refreshes = refreshes;
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
  }

  /** The token of this session was requested. */
  touch(id: string): void {
    this.#askedAt.set(id, this.#ports.clock.now());
    this.#look();
  }

  /** It is not wanted any more. */
  forget(id: string): void {
    this.#askedAt.delete(id);
  }

  /** The one look-out; it ends when there is nothing to look out for. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { clock, log } = this.#ports;
    const look = async (): Promise<void> => {
      while (this.#askedAt.size > 0) {
        await clock.sleep(lookMilliseconds, this.#life.signal);
        await this.#lookOnce(clock.now());
      }
    };
    look()
      .catch((error: unknown) => {
        if (this.#life.signal.aborted) return;
        log.error('The look-out for refreshes ahead stopped', { error: String(error) });
      })
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #lookOnce(now: number): Promise<void> {
    for (const [id, askedAt] of this.#askedAt) {
      if (now - askedAt > idleMilliseconds) this.#askedAt.delete(id);
    }
    const found = await Promise.all([...this.#askedAt.keys()].map((id) => this.#ports.store.get(id)));
    for (const stored of found) {
      if (stored === undefined || isOver(stored.session, stored.newest)) continue;
      const { id, tokenSet } = stored.session;
      const failed = this.#refreshes.lastFailure(id);
      const decision = decideRefresh(now, tokenSet, failed);
      const isDue = decision === 'serveAndRefresh' || decision === 'refresh';
      // A person wanted it before it was due, in vain: so is seen when it works again.
      const isWanted = !isDue && failed !== undefined && now >= retryAt(failed);
      if (isDue || isWanted) this.#refreshes.runBehind(id, isWanted);
    }
  }
}
