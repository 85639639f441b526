import { findSignInError, SignInError } from '../oauth/errors.ts';
import type { Log, SessionRecords } from '../ports.ts';
import type { GrantPorts } from './acquireTokens.ts';
import type { LostSession, Session } from './session.ts';

/** The stored sessions at one moment. */
export interface StoredSessions {
  readonly sessions: readonly Session[];
  readonly lost: readonly LostSession[];
  /** Absent if every record could be read. */
  readonly unreadable?: readonly UnreadableRecord[];
}

/** A record that is temporarily unreadable, with the system's code or the error's kind. */
export interface UnreadableRecord {
  readonly id: string;
  readonly code: string;
}

/** A session, and whether this window may refresh it: not if another window holds a newer record. */
export interface StoredSession {
  readonly session: Session;
  readonly newest: boolean;
}

/**
 * Sessions on this machine, one versioned record each. Other programs, such as the AWS CLI, may hold and
 * refresh some of them: `newest` to `withdraw` account for that, and require the session's lock.
 */
export interface SessionStore extends Pick<SessionRecords, 'remove' | 'withLock' | 'onDidChange'> {
  all(ids?: readonly string[]): Promise<StoredSessions>;
  get(id: string): Promise<StoredSession | undefined>;
  /** Writes only the record. */
  put(session: Session): Promise<void>;
  /** The session with its newest tokens. */
  newest(session: Session): Promise<Session>;
  /** Looks for a newer token after the server refused the refresh token; undefined if none appears. */
  findNewerToken(session: Session): Promise<Session | undefined>;
  /** Writes new tokens everywhere. `before` is the session that it replaces. */
  replace(session: Session, before: Session | undefined): Promise<Session>;
  /** Removes the session from everywhere except its record. `unremovedEntry` names where that failed. */
  removeCopies(session: Session): Promise<{ readonly session: Session; readonly unremovedEntry?: string }>;
}

/** Ports for sign-in, refresh and sign-out, with the store. */
export interface SessionsPorts extends GrantPorts {
  readonly store: SessionStore;
}

/** Migrates a record of an older version to the current one; undefined for any other. */
export type MigrateRecord = (record: string) => Promise<string | undefined>;

/**
 * Sessions over their records. An unreadable record is reported once, and listed as lost: it stays in place until a new
 * sign-in replaces it or the user removes it. A record of a newer version is left to the windows that can read it.
 */
export function createSessionStore(
  records: SessionRecords,
  log: Log,
  migrateRecord: MigrateRecord = async () => undefined,
): SessionStore {
  const reported = new Set<string>();
  /** The last parsed records, so that an unchanged one is not parsed again for every request. */
  const parsed = new Map<string, { readonly record: string; readonly session: Session }>();
  /** Loaded with the first record: a window without sessions does not need it. */
  const parser = () => import('./sessionRecord.ts');
  const unreadable = async (id: string, record: string): Promise<LostSession | undefined> => {
    const { isOfNewerVersion, parseAbout, salvageAbout } = await parser();
    const isNewer = isOfNewerVersion(record);
    if (!reported.has(id)) {
      reported.add(id);
      if (isNewer)
        log.warn('A stored session was written by a newer version; reload the window', { session: id });
      else log.error('A stored session is unreadable', { session: id });
    }
    if (isNewer) return undefined;
    const about = await records.about(id).catch(() => undefined);
    const lost = parseAbout(id, about ?? '') ?? salvageAbout(id, record);
    return lost === undefined ? undefined : { ...lost, isUnreadable: true };
  };
  const get = async (id: string): Promise<StoredSession | LostSession | undefined> => {
    const reading = await records.read(id);
    if (reading.state === 'absent') {
      parsed.delete(id);
      return undefined;
    }
    const known = parsed.get(id);
    if (reading.state !== 'lost' && known?.record === reading.record)
      return { session: known.session, newest: reading.state === 'newest' };
    const { parseAbout, parseRecord } = await parser();
    if (reading.state === 'lost') return parseAbout(id, reading.about);
    const session = parseRecord(reading.record) ?? parseRecord((await migrateRecord(reading.record)) ?? '');
    if (session?.id === id) {
      parsed.set(id, { record: reading.record, session });
      return { session, newest: reading.state === 'newest' };
    }
    return unreadable(id, reading.record);
  };
  const put = async (session: Session): Promise<void> => {
    const { aboutOf, recordOf } = await parser();
    await records.write(session.id, recordOf(session), aboutOf(session));
  };
  return {
    get: async (id) => {
      const found = await get(id);
      return found !== undefined && 'session' in found ? found : undefined;
    },
    all: async (wanted) => {
      const ids = [...(wanted ?? (await records.ids()))].sort();
      const unreadable: UnreadableRecord[] = [];
      const readings = ids.map((id) =>
        get(id).catch((error: unknown) => {
          const { kind, details } = findSignInError(error) ?? new SignInError('storage', {}, error);
          const code = details.code ?? kind;
          unreadable.push({ id, code });
          if (!reported.has(id))
            log.error('A stored session is temporarily unreadable', { session: id, code });
          reported.add(id);
          return undefined;
        }),
      );
      const found = (await Promise.all(readings)).filter((one) => one !== undefined);
      return {
        sessions: found.flatMap((one) => ('session' in one ? [one.session] : [])),
        lost: found.flatMap((one) => ('session' in one ? [] : [one])),
        ...(unreadable.length === 0 ? {} : { unreadable }),
      };
    },
    put,
    remove: (id) => records.remove(id),
    newest: async (session) => session,
    findNewerToken: async () => undefined,
    replace: async (session) => {
      await put(session);
      return session;
    },
    removeCopies: async (session) => ({ session }),
    withLock: (...args) => records.withLock(...args),
    onDidChange: (listener) => records.onDidChange(listener),
  };
}

/**
 * Reads a stored session.
 * @throws SignInError `signInNeeded` if it does not exist, `credentialStoreLost` if its record is lost
 */
export async function storedSession(store: SessionStore, id: string): Promise<StoredSession> {
  const stored = await store.get(id);
  if (stored !== undefined) return stored;
  const isLost = (await store.all([id])).lost.length > 0;
  throw new SignInError(isLost ? 'credentialStoreLost' : 'signInNeeded', { operation: 'session' });
}

/** The differences between two reads of the store; all empty if only lost sessions came or went. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly removed: readonly Session[];
  readonly changed: readonly Session[];
}

/** Gets a change, and all sessions after it, as this window has read them. */
export type ChangeListener = (change: SessionsChange, stored: StoredSessions) => void;

/** Waits for a session to appear; `signal` aborts when it is found. */
interface SessionSearch extends Disposable {
  readonly signal: AbortSignal;
  found(): Session | undefined;
}

/** Notifies listeners when any window changes the stored sessions. */
export class SessionWatch implements Disposable {
  readonly #store: SessionStore;
  readonly #log: Log;
  readonly #listeners = new Set<ChangeListener>();
  readonly #subscription: Disposable;
  #known: ReadonlyMap<string, Session> | undefined;
  #lost: ReadonlyMap<string, LostSession> = new Map();
  #updating: Promise<void> = Promise.resolve();
  /** IDs of the records to read next; undefined if no read is queued. */
  #queued: Set<string> | 'all' | undefined;
  /** Whether the next update must read all records: it is the first one, or a record could not be read. */
  #mustReadAll = true;
  /** Resolves after the first update; a change by this window before that would go unnoticed. */
  readonly started: Promise<void>;

  constructor(store: SessionStore, log: Log) {
    this.#store = store;
    this.#log = log;
    this.#subscription = store.onDidChange((id) => {
      // Changed before the first update, so the previous state is unknown: report every session as added.
      this.#known ??= new Map();
      void this.update(id);
    });
    this.started = this.update();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#listeners.clear();
  }

  onDidChange(listener: ChangeListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Watches for a session that `isWanted`, stored by any window. */
  searchFor(isWanted: (session: Session) => boolean): SessionSearch {
    const over = new AbortController();
    let found: Session | undefined;
    const subscription = this.onDidChange(({ added, changed }) => {
      found ??= [...added, ...changed].find(isWanted);
      if (found !== undefined) over.abort(new SignInError('cancelled'));
    });
    const stop = () => subscription[Symbol.dispose]();
    return { signal: over.signal, found: () => found, [Symbol.dispose]: stop };
  }

  /** Reads one record, or all, and reports the changes; one update runs at a time. Never rejects. */
  update(id?: string): Promise<void> {
    const waiting = this.#queued;
    this.#queued = id === undefined || waiting === 'all' ? 'all' : new Set(waiting).add(id);
    if (waiting !== undefined) return this.#updating; // The queued update will see this change too.
    this.#updating = this.#updating.then(async () => {
      const queued = this.#queued;
      const ids = this.#mustReadAll || queued === undefined || queued === 'all' ? undefined : [...queued];
      this.#queued = undefined;
      this.#mustReadAll = true;
      try {
        await this.#readChanges(ids);
      } catch (error) {
        this.#log.error('The stored sessions could not be listed', { error: nameOf(error) });
      }
    });
    return this.#updating;
  }

  /** Reads the records of `ids`; undefined for all. */
  async #readChanges(ids: readonly string[] | undefined): Promise<void> {
    const { sessions, lost, unreadable = [] } = await this.#store.all(ids);
    const before = this.#known;
    const wasRead = (id: string): boolean => ids === undefined || ids.includes(id);
    // A temporarily unreadable record still exists.
    const isKept = (id: string): boolean => !wasRead(id) || unreadable.some((one) => one.id === id);
    const kept = [...(before?.values() ?? [])].filter(({ id }) => isKept(id));
    const now = new Map([...kept, ...sessions].map((session) => [session.id, session]));
    const otherLost = [...this.#lost.values()].filter(({ id }) => !wasRead(id));
    const lostNow = new Map([...otherLost, ...lost].map((one) => [one.id, one]));
    const hasOtherLost = [...lostNow.keys()].sort().join() !== [...this.#lost.keys()].sort().join();
    this.#known = now;
    this.#lost = lostNow;
    this.#mustReadAll = unreadable.length > 0;
    if (before === undefined) return;
    const change = difference(before, now);
    const isSame = change.added.length + change.removed.length + change.changed.length === 0;
    if (isSame && !hasOtherLost) return;
    const stored = {
      sessions: inOrder(now),
      lost: inOrder(lostNow),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    };
    for (const listener of [...this.#listeners]) {
      try {
        listener(change, stored);
      } catch (error) {
        this.#log.error('A listener for changed sessions failed', { error: nameOf(error) });
      }
    }
  }
}

/** In the order of {@link SessionStore.all}. */
function inOrder<T>(byId: ReadonlyMap<string, T>): readonly T[] {
  return [...byId.keys()].sort().flatMap((id) => byId.get(id) ?? []);
}

function difference(before: ReadonlyMap<string, Session>, now: ReadonlyMap<string, Session>): SessionsChange {
  const differs = (session: Session): boolean => {
    const old = before.get(session.id);
    return old !== undefined && old !== session && shownOf(old) !== shownOf(session);
  };
  return {
    added: [...now.values()].filter((session) => !before.has(session.id)),
    removed: [...before.values()].filter((session) => !now.has(session.id)),
    changed: [...now.values()].filter(differs),
  };
}

/** The parts of a session whose changes are reported to listeners. */
function shownOf({ tokenSet, signedInAt, preferredAt, programPlaces, awsCli, ended }: Session): string {
  const share = awsCli && [awsCli.name, awsCli.paused, awsCli.asked];
  const { accessToken } = tokenSet;
  return JSON.stringify([accessToken, signedInAt, preferredAt, programPlaces, share, ended === undefined]);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
