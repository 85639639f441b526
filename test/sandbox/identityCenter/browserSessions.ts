import type { IncomingMessage } from 'node:http';
import type { Person } from '../people.ts';
import { opaque } from './opaque.ts';

/** Who is signed in in which browser. */
export interface BrowserSessions {
  /** @returns the value of a `Set-Cookie` header */
  signIn(person: Person): string;
  /** @returns the value of a `Set-Cookie` header that removes the cookie */
  signOut(req: IncomingMessage): string;
  person(req: IncomingMessage): Person | undefined;
}

/** @param origin cookies know no ports: the name keeps apart what several sandboxes on one host have set */
export function createBrowserSessions(origin: string): BrowserSessions {
  const name = `identity_center_${new URL(origin).port}`;
  const attributes = 'Path=/; HttpOnly; SameSite=Lax';
  const people = new Map<string, Person>();

  const idIn = (req: IncomingMessage): string => {
    const cookies = (req.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  };

  return {
    signIn(person) {
      const id = opaque();
      people.set(id, person);
      return `${name}=${id}; ${attributes}`;
    },
    signOut(req) {
      people.delete(idIn(req));
      return `${name}=; ${attributes}; Max-Age=0`;
    },
    person: (req) => people.get(idIn(req)),
  };
}
