import type { IncomingMessage } from 'node:http';
import { opaque } from './opaque.ts';

/** Signed-in users by browser. */
export interface BrowserSessions<Who> {
  /** @returns the value of a `Set-Cookie` header */
  signIn(who: Who): string;
  /** @returns the value of a `Set-Cookie` header that removes the cookie */
  signOut(req: IncomingMessage): string;
  person(req: IncomingMessage): Who | undefined;
  /** The browser's current cookie, to set again. */
  cookie(req: IncomingMessage): string;
}

/**
 * @param origin part of the cookie's name: cookies ignore ports, so several sandboxes on one host share them
 * @param kind distinguishes the sandbox's own cookies
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
