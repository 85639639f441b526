import type { IncomingMessage } from 'node:http';
import { opaque } from './opaque.ts';

/** Who is signed in in which browser. */
export interface BrowserSessions<Who> {
  /** @returns the value of a `Set-Cookie` header */
  signIn(who: Who): string;
  /** @returns the value of a `Set-Cookie` header that removes the cookie */
  signOut(req: IncomingMessage): string;
  person(req: IncomingMessage): Who | undefined;
  /** The cookie that the browser has, to be set once more. */
  cookie(req: IncomingMessage): string;
}

/**
 * @param origin cookies know no ports: the name keeps apart what several sandboxes on one host have set
 * @param kind tells the sandbox's own cookies apart
 */
export function createBrowserSessions<Who>(origin: string, kind = ''): BrowserSessions<Who> {
  const name = `identity_center_${new URL(origin).port}${kind}`;
  const attributes = 'Path=/; HttpOnly; SameSite=Lax';
  const people = new Map<string, Who>();

  const idIn = (req: IncomingMessage): string => {
    const cookies = (req.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  };

  return {
    signIn(who) {
      const id = opaque();
      people.set(id, who);
      return `${name}=${id}; ${attributes}`;
    },
    signOut(req) {
      people.delete(idIn(req));
      return `${name}=; ${attributes}; Max-Age=0`;
    },
    person: (req) => people.get(idIn(req)),
    cookie: (req) => `${name}=${idIn(req)}; ${attributes}`,
  };
}
