import { SignInError } from '../oauth/errors.ts';
import type { Clock, Log } from '../ports.ts';
import type { Refreshes } from './refreshes.ts';
import { decideRefresh, idleMilliseconds, isInUse, refreshDueAt, retryAt } from './refreshPolicy.ts';
import { isOver } from './session.ts';
import type { SessionStore, StoredSession } from './sessionStore.ts';

/** No session is refreshed ahead more often than this, whatever its server answers. */
const leastPauseMilliseconds = 5_000;

/** Why a sleep of the look-out ends early. */
const woken = new SignInError('cancelled');

interface RefreshAheadPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: SessionStore;
}

/**
 * Refreshes ahead of time what is in use: a token that was requested since it came. A token that nobody has requested
 * since is left to run out, and the next request refreshes it. Between two moments at which something is due, nothing wakes up.
 */
export class BackgroundRefresh implements Disposable {
  readonly #ports: RefreshAheadPorts;
  readonly #refreshes: Refreshes;
  readonly #life = new AbortController();
  readonly #askedAt = new Map<string, number>();
  /** Those that are waited for: when something is due for them, epoch milliseconds. */
  readonly #dueAt = new Map<string, number>();
  /** When one was refreshed by this look-out the last time. */
  readonly #triedAt = new Map<string, number>();
  readonly #subscription: Disposable;
  #woken = new AbortController();
  #isLooking = false;

  constructor(ports: RefreshAheadPorts, refreshes: Refreshes) {
    this.#ports = ports;
    this.#refreshes = refreshes;
    this.#subscription = refreshes.onDidFail(() => this.#look());
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** The token of this session was requested. */
  touch(id: string): void {
    const now = this.#ports.clock.now();
    this.#askedAt.set(id, now);
    // A timer says nothing of a machine that slept: what should have been done by now is looked at again.
    if ((this.#dueAt.get(id) ?? -Infinity) < now) this.#look();
  }

  /** It is not wanted any more. */
  forget(id: string): void {
    for (const known of [this.#askedAt, this.#dueAt, this.#triedAt]) known.delete(id);
  }

  /** The one look-out, woken if it sleeps; it ends when there is nothing to look out for. */
  #look(): void {
    this.#woken.abort(woken);
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#lookOut().catch((error: unknown) => {
      this.#isLooking = false;
      if (this.#life.signal.aborted) return;
      this.#ports.log.error('The look-out for refreshes ahead stopped', { error: String(error) });
    });
  }

  async #lookOut(): Promise<void> {
    const { clock } = this.#ports;
    for (;;) {
      this.#woken = new AbortController();
      const { signal } = this.#woken;
      await this.#lookOnce();
      const next = Math.min(...this.#dueAt.values());
      if (signal.aborted) continue;
      if (next === Infinity) {
        this.#isLooking = false;
        return;
      }
      const either = AbortSignal.any([signal, this.#life.signal]);
      await clock.sleep(next - clock.now(), either).catch((error: unknown) => {
        if (!signal.aborted || this.#life.signal.aborted) throw error;
      });
    }
  }

  async #lookOnce(): Promise<void> {
    const ids = [...this.#askedAt.keys()];
    const found = await Promise.all(ids.map((id) => this.#ports.store.get(id)));
    ids.forEach((id, at) => this.#plan(id, found[at]));
  }

  /** Refreshes a session that is due, or notes when it will be. */
  #plan(id: string, stored: StoredSession | undefined): void {
    const now = this.#ports.clock.now();
    const dueAt = stored === undefined ? undefined : this.#dueFor(now, stored);
    if (stored === undefined || dueAt === undefined) this.#dueAt.delete(id);
    else if (now < dueAt) this.#dueAt.set(id, dueAt);
    else {
      this.#triedAt.set(id, now);
      this.#dueAt.set(id, Infinity); // The refresh wakes the look-out when it is over.
      // What is not due was wanted by a person, in vain: so is seen when it works again.
      const isWanted = decideRefresh(now, stored.session.tokenSet) === 'serve';
      void this.#refreshes.runBehind(id, isWanted).then(() => {
        if (this.#dueAt.delete(id) && !this.#life.signal.aborted) this.#look();
      });
    }
  }

  /** When a session that is in use has to be refreshed; undefined for one that is not. */
  #dueFor(now: number, { session, newest }: StoredSession): number | undefined {
    const { id, tokenSet } = session;
    const askedAt = this.#askedAt.get(id) ?? -Infinity;
    if (isOver(session, newest) || now - askedAt > idleMilliseconds) {
      this.#askedAt.delete(id);
      return undefined;
    }
    const dueAt = Math.max(
      refreshDueAt(tokenSet),
      (this.#triedAt.get(id) ?? -Infinity) + leastPauseMilliseconds,
    );
    const failed = this.#refreshes.lastFailure(id);
    if (failed !== undefined) return retryAt(failed);
    return now < dueAt || isInUse(now, askedAt, tokenSet) ? dueAt : undefined;
  }
}
