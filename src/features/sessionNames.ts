import type { Session } from '../core/session/session.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';

/** A login is a person's name: its first letter and its domain are enough to tell two apart. */
export function maskedLabel(label: string): string {
  return label.replace(/(?<![^\s@])([^\s@])[^\s@]*@/g, '$1…@');
}

/** What a session is called in the log: the masked account, and enough of the ID to find it in a diagnostics report. */
export function sessionName({ id, account }: Session): string {
  return `${maskedLabel(account.label)} ${id.slice(0, 8)}`;
}

/** A store that notes in `names` what each session is called that is read or written, by its ID. */
export function namingSessions(store: SessionStore, names: Map<string, string>): SessionStore {
  const note = (session: Session): void => void names.set(session.id, sessionName(session));
  return {
    ...store,
    all: async () => {
      const stored = await store.all();
      stored.sessions.forEach(note);
      return stored;
    },
    get: async (id) => {
      const found = await store.get(id);
      if (found !== undefined) note(found.session);
      return found;
    },
    put: (session) => {
      note(session);
      return store.put(session);
    },
    replace: (session, before) => {
      note(session);
      return store.replace(session, before);
    },
  };
}
