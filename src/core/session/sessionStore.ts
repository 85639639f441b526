import { SignInError } from '../errors.ts';
import type { Log, SecretStore, SessionRecords } from '../ports.ts';
import type { LostSession, Session } from './session.ts';

/** A look at everything that is stored. */
export interface StoredSessions {
  readonly sessions: readonly Session[];
  readonly lost: readonly LostSession[];
}

/** A session, and whether it may be refreshed here: not when another window holds a newer record. */
export interface StoredSession {
  readonly session: Session;
  readonly newest: boolean;
}

/** The sessions of this machine, one versioned record each. */
export interface SessionStore {
  all(): Promise<StoredSessions>;
  get(id: string): Promise<StoredSession | undefined>;
  put(session: Session): Promise<void>;
  remove(id: string): Promise<void>;
  /** Does `work` while no other call and no other window does any for this session, as {@link SessionRecords.alone}. */
  alone: SessionRecords['alone'];
  onDidChange(listener: () => void): Disposable;
}

/**
 * Sessions over their records. A record that cannot be read is copied to `aside` and reported, once; it stays where
 * it is until a new sign-in takes its place. One of a newer version is left to the windows that can read it.
 * Records of an older version are read as if they were of this one, and written anew at the next change.
 */
export function createSessionStore(records: SessionRecords, aside: SecretStore, log: Log): SessionStore {
  const reported = new Set<string>();
  /** Loaded when there is a record: a window without a session reads none. */
  const parser = () => import('./sessionRecord.ts');
  const putAside = async (id: string, record: string): Promise<void> => {
    if (reported.has(id)) return;
    reported.add(id);
    if ((await parser()).isOfNewerVersion(record)) {
      log.warn('A stored session was written by a newer version of this extension; reload this window', {
        session: id,
      });
      return;
    }
    const isAside = await aside.set(`aside:${id}`, record).then(
      () => true,
      () => false, // It stays where it is all the same; the other sessions are read.
    );
    log.error('A stored session cannot be read', { session: id, isAside });
  };
  const get = async (id: string): Promise<StoredSession | LostSession | undefined> => {
    const reading = await records.read(id);
    if (reading.state === 'absent') return undefined;
    const { parseAbout, parseRecord } = await parser();
    if (reading.state === 'lost') return parseAbout(id, reading.about);
    const session = parseRecord(reading.record);
    if (session?.id === id) return { session, newest: reading.state === 'newest' };
    await putAside(id, reading.record);
    return undefined;
  };
  return {
    get: async (id) => {
      const found = await get(id);
      return found !== undefined && 'session' in found ? found : undefined;
    },
    all: async () => {
      const ids = [...(await records.ids())].sort();
      const found = (await Promise.all(ids.map(get))).filter((one) => one !== undefined);
      return {
        sessions: found.flatMap((one) => ('session' in one ? [one.session] : [])),
        lost: found.flatMap((one) => ('session' in one ? [] : [one])),
      };
    },
    put: async (session) => {
      const { aboutOf, recordOf } = await parser();
      await records.write(session.id, recordOf(session), aboutOf(session));
    },
    remove: (id) => records.remove(id),
    alone: (id, signal, work, patience) => records.alone(id, signal, work, patience),
    onDidChange: (listener) => records.onDidChange(listener),
  };
}

/**
 * A session as it is stored.
 * @throws SignInError `signInNeeded` when there is none, `credentialStoreLost` when there was one
 */
export async function storedSession(store: SessionStore, id: string): Promise<StoredSession> {
  const stored = await store.get(id);
  if (stored !== undefined) return stored;
  const isLost = (await store.all()).lost.some((lost) => lost.id === id);
  throw new SignInError(isLost ? 'credentialStoreLost' : 'signInNeeded', { operation: 'session' });
}
