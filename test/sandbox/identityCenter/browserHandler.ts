import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Page, sendPage } from '../page.ts';
import { type Person, personWith } from '../people.ts';
import { readBody, type RequestHandler } from '../server.ts';
import type { IdentityCenterState } from './api.ts';
import type { BrowserSessions } from './browserSessions.ts';
import type { Consent, Decided } from './consent.ts';
import { codePage, CONSENT_FIELD, consentPage, decidedPage, refusedPage, signInPage } from './pages.ts';
import type { Watched } from './watched.ts';

interface BrowserDependencies {
  readonly state: IdentityCenterState;
  readonly people: readonly Person[];
  readonly browserSessions: BrowserSessions;
  readonly watched: Watched;
}

/** What a page does with a browser's request; `fields` are the form's, or the query's. */
type Visit = (
  dependencies: BrowserDependencies,
  fields: URLSearchParams,
  req: IncomingMessage,
  res: ServerResponse,
) => void;

const PAGES: Readonly<Record<string, Visit>> = {
  'GET /device': (_, fields, __, res) => sendPage(res, 200, codePage(fields.get('user_code') ?? '')),

  'POST /device': ({ state }, fields, _, res) => {
    const userCode = fields.get('user_code') ?? '';
    if (state.deviceAuthorizations.consentFor(userCode) === undefined) {
      sendPage(res, 400, codePage(userCode, 'The code is wrong, or it has expired.'));
    } else {
      redirect(res, allowAddress(userCode));
    }
  },

  'GET /allow': ({ state, browserSessions }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const consent = findConsent(state, consentId);
    const person = browserSessions.person(req);
    if (consent === undefined) sendPage(res, 400, OVER);
    else if (person === undefined) sendPage(res, 200, signInPage(consentId));
    else sendPage(res, 200, consentPage(consentId, consent, person));
  },

  'POST /sign-in': ({ people, browserSessions }, fields, _, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const username = fields.get('username') ?? '';
    const person = personWith(people, username, fields.get('password') ?? '');
    if (person === undefined) {
      sendPage(res, 401, signInPage(consentId, username, 'The username or the password is wrong.'));
    } else {
      redirect(res, allowAddress(consentId), { 'set-cookie': browserSessions.signIn(person) });
    }
  },

  'POST /sign-out': ({ browserSessions }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    redirect(res, allowAddress(consentId), { 'set-cookie': browserSessions.signOut(req) });
  },

  'POST /allow': ({ state, browserSessions }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const consent = findConsent(state, consentId);
    const person = browserSessions.person(req);
    if (consent === undefined) sendPage(res, 400, OVER);
    else if (person === undefined) redirect(res, allowAddress(consentId));
    else
      sendDecided(res, fields.get('decision') === 'allow' ? consent.allow(person.username) : consent.deny());
  },
};

const OVER: Page = refusedPage('This request has been answered already, or it has expired.');

/**
 * The pages that a person goes through after `/authorize` or with a user code.
 * @returns `undefined` when there is no such page
 */
export function browserHandler(
  dependencies: BrowserDependencies,
  method: string,
  url: URL,
): RequestHandler | undefined {
  const key = `${method} ${url.pathname}`;
  const visit = Object.hasOwn(PAGES, key) ? PAGES[key] : undefined;
  if (visit === undefined) return undefined;
  return async (req, res) => {
    const fields = method === 'POST' ? new URLSearchParams(await readBody(req)) : url.searchParams;
    await dependencies.watched(`identityCenter.page:${url.pathname.slice(1)}`, req, res, (answer) =>
      visit(dependencies, fields, req, answer),
    );
  };
}

/** `GET /authorize`: asks the person, or says at once what is wrong. */
export function authorize(
  state: IdentityCenterState,
  region: string,
  query: URLSearchParams,
  res: ServerResponse,
): void {
  const opened = state.authorizationRequests.open(region, query);
  if ('refusal' in opened) sendPage(res, 400, refusedPage(opened.refusal));
  else redirect(res, 'consentId' in opened ? allowAddress(opened.consentId) : opened.redirectTo);
}

/** The question behind a user code or the id of a request at `/authorize`. */
function findConsent(state: IdentityCenterState, consentId: string): Consent | undefined {
  return (
    state.deviceAuthorizations.consentFor(consentId) ?? state.authorizationRequests.consentFor(consentId)
  );
}

function sendDecided(res: ServerResponse, decided: Decided): void {
  if (typeof decided === 'string') sendPage(res, 200, decidedPage(decided));
  else redirect(res, decided.redirectTo);
}

function allowAddress(consentId: string): string {
  return `/allow?${new URLSearchParams({ [CONSENT_FIELD]: consentId })}`;
}

/** 302, as the service does it; browsers turn a POST into a GET. */
function redirect(res: ServerResponse, location: string, headers: Record<string, string> = {}): void {
  res.writeHead(302, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...headers });
  res.end();
}
