import type { Session } from '../core/session/session.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';

/** An account's label with its login masked: the first letter and the domain suffice to tell two apart. */
export function maskedAccount({ label, name }: Session['account']): string {
  if (name === undefined || !label.startsWith(name)) return withoutLogins(label);
  return maskedLogin(name) + withoutLogins(label.slice(name.length));
}

/** Masks a login, which is personal data, with or without a domain. */
export function maskedLogin(login: string): string {
  const masked = withoutLogins(login);
  return masked === login ? `${login.slice(0, 1)}…` : masked;
}

function withoutLogins(text: string): string {
  return text.replace(/(?<![^\s@])([^\s@])[^\s@]*@/g, '$1…@');
}

/** A session's name in the log: the masked account, and the beginning of its ID, as in a diagnostics report. */
export function sessionName({ id, account }: Session): string {
  return `${maskedAccount(account)} ${id.slice(0, 8)}`;
}

/** A store that records in `names`, by ID, the name of each session that is read or written. */
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
