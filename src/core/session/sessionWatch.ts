import type { Log } from '../ports.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/** How two looks at the store differ. All are empty where only lost sessions came or went. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly removed: readonly Session[];
  readonly changed: readonly Session[];
}

/** Tells listeners how the stored sessions changed, whichever window changed them. */
export class SessionWatch implements Disposable {
  readonly #store: SessionStore;
  readonly #log: Log;
  readonly #listeners = new Set<(change: SessionsChange) => void>();
  readonly #subscription: Disposable;
  #known: ReadonlyMap<string, Session> | undefined;
  #lost = '';
  #looking: Promise<void> = Promise.resolve();
  #queued = false;
  /** Resolves when the first look has been: a change made here before that would go unseen. */
  readonly started: Promise<void>;

  constructor(store: SessionStore, log: Log) {
    this.#store = store;
    this.#log = log;
    this.#subscription = store.onDidChange(() => {
      // Changed before the first look: what was there before cannot be told from it, so all of it is told.
      this.#known ??= new Map();
      void this.look();
    });
    this.started = this.look();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#listeners.clear();
  }

  onDidChange(listener: (change: SessionsChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Looks at the store, one look at a time, and tells what is new since the last look. Never rejects. */
  look(): Promise<void> {
    if (this.#queued) return this.#looking; // The look that waits its turn will see this change too.
    this.#queued = true;
    this.#looking = this.#looking.then(async () => {
      this.#queued = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        this.#log.error('The stored sessions could not be looked at', {
          error: nameOf(error),
        });
      }
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { sessions, lost, unreadable = [] } = await this.#store.all();
    const now = new Map(sessions.map((session) => [session.id, session]));
    const before = this.#known;
    for (const { id } of unreadable) {
      const session = before?.get(id); // It is still there: the disk does not give it now.
      if (session !== undefined) now.set(id, session);
    }
    const lostNow = lost.map(({ id }) => id).join();
    const hasOtherLost = lostNow !== this.#lost;
    this.#known = now;
    this.#lost = lostNow;
    if (before === undefined) return;
    const change = difference(before, now);
    const isSame = change.added.length + change.removed.length + change.changed.length === 0;
    if (isSame && !hasOtherLost) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        this.#log.error('A listener for changed sessions failed', { error: nameOf(error) });
      }
    }
  }
}

function difference(before: ReadonlyMap<string, Session>, now: ReadonlyMap<string, Session>): SessionsChange {
  const differs = (session: Session): boolean => {
    const old = before.get(session.id);
    return (
      old !== undefined &&
      (old.tokenSet.accessToken !== session.tokenSet.accessToken ||
        old.signedInAt !== session.signedInAt ||
        old.preferredAt !== session.preferredAt ||
        shareOf(old) !== shareOf(session) ||
        (old.ended === undefined) !== (session.ended === undefined))
    );
  };
  return {
    added: [...now.values()].filter((session) => !before.has(session.id)),
    removed: [...before.values()].filter((session) => !now.has(session.id)),
    changed: [...now.values()].filter(differs),
  };
}

function shareOf(session: Session): string | undefined {
  if (!('awsCli' in session)) return undefined;
  return [session.awsCli.name, session.awsCli.paused, session.awsCli.asked].join(' ');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
