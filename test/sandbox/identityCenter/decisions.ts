import type { Person } from '../people.ts';
import type { IdentityCenterState } from './api.ts';
import type { Consent, Decided } from './consent.ts';
import { REGIONAL_PATH } from './routes.ts';

/** A person's part without a browser, for tests. Each throws an `Error` where the browser would show a dead end. */
export interface Decisions {
  /** Says yes to a user code in a person's name. */
  approve(userCode: string, username: string): void;
  deny(userCode: string): void;
  /**
   * Goes through `/authorize` and says yes in a person's name.
   * @param address as the client opened it
   * @returns where the browser is redirected to: with a `code`, or an `error` if the request was wrong
   */
  completeAuthorize(address: string, username: string): string;
  /** Goes through `/authorize` and says no; returns where the browser is redirected to. */
  denyAuthorize(address: string): string;
}

export function createDecisions(people: readonly Person[], state: IdentityCenterState): Decisions {
  const known = (username: string): string => {
    if (people.some((person) => person.username === username)) return username;
    throw new Error(`The sandbox has no user called ${username}.`);
  };

  const forUserCode = (userCode: string): Consent => {
    const consent = state.deviceAuthorizations.consentFor(userCode);
    if (consent === undefined) throw new Error('The user code is unknown, decided upon or expired.');
    return consent;
  };

  const throughAuthorize = (address: string, decide: (consent: Consent) => Decided): string => {
    const { pathname, searchParams } = new URL(address);
    const { service, region = '', path } = REGIONAL_PATH.exec(pathname)?.groups ?? {};
    if (service !== 'oidc' || path !== '/authorize')
      throw new Error('This is not the address of /authorize.');
    const opened = state.authorizationRequests.open(region, searchParams);
    if ('refusal' in opened) throw new Error(`The browser shows a page: ${opened.refusal}`);
    if ('redirectTo' in opened) return opened.redirectTo;
    const consent = state.authorizationRequests.consentFor(opened.consentId);
    const decided = consent === undefined ? undefined : decide(consent);
    if (typeof decided !== 'object') throw new Error('The request at /authorize led nowhere.');
    return decided.redirectTo;
  };

  return {
    approve: (userCode, username) => void forUserCode(userCode).allow(known(username)),
    deny: (userCode) => void forUserCode(userCode).deny(),
    completeAuthorize: (address, username) =>
      throughAuthorize(address, (consent) => consent.allow(known(username))),
    denyAuthorize: (address) => throughAuthorize(address, (consent) => consent.deny()),
  };
}
