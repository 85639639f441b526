import * as v from 'valibot';
import type { Log, SecretStore } from '../ports.ts';
import { sessionSchema } from './session.ts';
import type { Session } from './session.ts';

const prefix = 'session:';
const asidePrefix = 'aside:';
const recordSchema = v.object({ version: v.literal(1), session: sessionSchema });

/** The sessions of this machine, one versioned secret each. */
export interface SessionStore {
  all(): Promise<readonly Session[]>;
  get(id: string): Promise<Session | undefined>;
  put(session: Session): Promise<void>;
  remove(id: string): Promise<void>;
  /** Called when any session's record may have changed, here or in another window. */
  onDidChange(listener: () => void): Disposable;
}

/**
 * Sessions over a secret store. A record that cannot be read is put aside under another key, not deleted, and
 * reported in the log.
 */
export function createSessionStore(secrets: SecretStore, log: Log): SessionStore {
  const get = async (id: string): Promise<Session | undefined> => {
    const text = await secrets.get(prefix + id);
    if (text === undefined) return undefined;
    const session = parseRecord(text);
    if (session?.id === id) return session;
    await secrets.set(asidePrefix + id, text);
    await secrets.delete(prefix + id);
    log.error('A stored session cannot be read and was put aside', { session: id });
    return undefined;
  };
  return {
    get,
    all: async () => {
      const keys = (await secrets.keys()).filter((key) => key.startsWith(prefix)).sort();
      const found = await Promise.all(keys.map((key) => get(key.slice(prefix.length))));
      return found.filter((session) => session !== undefined);
    },
    put: (session) => secrets.set(prefix + session.id, JSON.stringify({ version: 1, session })),
    remove: (id) => secrets.delete(prefix + id),
    onDidChange: (listener) =>
      secrets.onDidChange((key) => {
        if (key.startsWith(prefix)) listener();
      }),
  };
}

function parseRecord(text: string): Session | undefined {
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(text));
    return parsed.success ? parsed.output.session : undefined;
  } catch {
    return undefined;
  }
}
