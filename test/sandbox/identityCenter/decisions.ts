import type { Person } from '../people.ts';
import type { IdentityCenterState } from './api.ts';
import type { Consent, Decided } from './consent.ts';
import { REGIONAL_PATH } from './routes.ts';

/**
 * The user's decisions without a browser, for tests. Each throws an `Error` where the browser would show a dead
 * end.
 */
export interface Decisions {
  /** Approves a user code as the given user. */
  approve(userCode: string, username: string): void;
  deny(userCode: string): void;
  /**
   * Follows `/authorize` and approves as the given user.
   * @param address as the client opened it
   * @returns the redirect target: with a `code`, or an `error` if the request was invalid
   */
  completeAuthorize(address: string, username: string): string;
  /** Follows `/authorize` and denies; returns the redirect target. */
  denyAuthorize(address: string): string;
}

export function createDecisions(people: readonly Person[], state: IdentityCenterState): Decisions {
  const known = (username: string): string => {
    if (people.some((person) => person.username === username)) return username;
    throw new Error(`The sandbox has no user called ${username}.`);
  };

  const forUserCode = (userCode: string): Consent => {
    const consent = state.deviceAuthorizations.consentFor(userCode);
    if (consent === undefined) throw new Error('The user code is unknown, expired or already decided.');
    return consent;
  };

  const throughAuthorize = (address: string, decide: (consent: Consent) => Decided): string => {
    const { pathname, searchParams } = new URL(address);
    const { service, region = '', path } = REGIONAL_PATH.exec(pathname)?.groups ?? {};
    if (service !== 'oidc' || path !== '/authorize') throw new Error('This is not an address of /authorize.');
    const opened = state.authorizationRequests.open(region, searchParams);
    if ('refusal' in opened) throw new Error(`The browser shows a page: ${opened.refusal}`);
    if ('redirectTo' in opened) return opened.redirectTo;
    const consent = state.authorizationRequests.consentFor(opened.consentId);
    const decided = consent === undefined ? undefined : decide(consent);
    if (typeof decided !== 'object') throw new Error('The request to /authorize did not lead to a redirect.');
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
