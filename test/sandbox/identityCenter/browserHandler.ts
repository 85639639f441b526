import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Page, sendPage } from '../page.ts';
import { type Person, personWith } from '../people.ts';
import { readBody, type RequestHandler } from '../server.ts';
import type { IdentityCenterState } from './api.ts';
import type { BrowserSessions } from './browserSessions.ts';
import type { Consent, Decided } from './consent.ts';
import { FEDERATED_DIRECTORY } from './directories.ts';
import type { Federation } from './federation.ts';
import { federationRefusedPage, NO_IDENTITY_SOURCE } from './federationPages.ts';
import { codePage, CONSENT_FIELD, consentPage, decidedPage, refusedPage, signInPage } from './pages.ts';
import type { Watched } from './watched.ts';

interface BrowserDependencies {
  readonly state: IdentityCenterState;
  readonly people: readonly Person[];
  readonly browserSessions: BrowserSessions<Person>;
  /** The instance with an external identity source, once it is set up. */
  readonly federation: () => Federation | undefined;
  readonly watched: Watched;
}

/** Handles a browser's request for a page; `fields` come from the form or the query. */
type Visit = (
  dependencies: BrowserDependencies,
  fields: URLSearchParams,
  req: IncomingMessage,
  res: ServerResponse,
) => void | Promise<void>;

const PAGES: Readonly<Record<string, Visit>> = {
  'GET /device': ({ federation }, fields, _, res) =>
    sendPage(res, 200, codePage(fields.get('user_code') ?? '', signInOrigins(federation()))),

  'POST /device': ({ state, federation }, fields, _, res) => {
    const userCode = fields.get('user_code') ?? '';
    if (state.deviceAuthorizations.consentFor(userCode) === undefined) {
      const alert = 'The code is wrong or has expired.';
      sendPage(res, 400, codePage(userCode, signInOrigins(federation()), alert));
    } else {
      redirect(res, allowAddress(userCode));
    }
  },

  'GET /allow': async ({ state, browserSessions, federation }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const consent = findConsent(state, consentId);
    if (consent === undefined) sendPage(res, 400, OVER);
    else if (isFederated(consent)) await askFederated(federation(), { consentId, consent, fields }, req, res);
    else {
      const person = browserSessions.person(req);
      const page = person ? consentPage(consentId, consent, person, []) : signInPage(consentId);
      sendPage(res, 200, page);
    }
  },

  'POST /sign-in': ({ people, browserSessions }, fields, _, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const username = fields.get('username') ?? '';
    const person = personWith(people, username, fields.get('password') ?? '');
    if (person === undefined) {
      sendPage(res, 401, signInPage(consentId, username, 'The username or password is incorrect.'));
    } else {
      redirect(res, allowAddress(consentId), { 'set-cookie': browserSessions.signIn(person) });
    }
  },

  'POST /sign-out': ({ state, browserSessions, federation }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const consent = findConsent(state, consentId);
    const instance = consent && isFederated(consent) ? federation() : undefined;
    if (instance === undefined) {
      redirect(res, allowAddress(consentId), { 'set-cookie': browserSessions.signOut(req) });
    } else {
      redirect(res, allowAddress(consentId, AGAIN), { 'set-cookie': instance.signOut(req) });
    }
  },

  'POST /allow': ({ state, browserSessions, federation }, fields, req, res) => {
    const consentId = fields.get(CONSENT_FIELD) ?? '';
    const consent = findConsent(state, consentId);
    if (consent === undefined) {
      sendPage(res, 400, OVER);
      return;
    }
    const user = isFederated(consent) ? federation()?.person(req) : undefined;
    const username = isFederated(consent)
      ? user?.active === true && user.userName
      : browserSessions.person(req)?.username;
    if (typeof username !== 'string') redirect(res, allowAddress(consentId));
    else sendDecided(res, fields.get('decision') === 'allow' ? consent.allow(username) : consent.deny());
  },
};

/** Prompts for sign-in again, even if the user is signed in. */
const AGAIN = { again: 'yes' } as const;

function isFederated({ startUrl }: Consent): boolean {
  return startUrl === FEDERATED_DIRECTORY.startUrl;
}

function signInOrigins(federation: Federation | undefined): readonly string[] {
  return federation ? [new URL(federation.signOnUrl).origin] : [];
}

/** The consent that a page asks for, and the fields of its request. */
interface AskedConsent {
  readonly consentId: string;
  readonly consent: Consent;
  readonly fields: URLSearchParams;
}

/** Asks the signed-in user for consent, or redirects to the identity provider. */
async function askFederated(
  federation: Federation | undefined,
  { consentId, consent, fields }: AskedConsent,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (federation === undefined) {
    sendPage(res, 400, NO_IDENTITY_SOURCE);
    return;
  }
  const user = federation.person(req);
  const leadsTo = signInOrigins(federation);
  if (user === undefined) {
    const again = fields.get('again') === AGAIN.again;
    const { location, setCookie } = await federation.begin(req, consentId, again);
    redirect(res, location, { 'set-cookie': setCookie });
  } else if (user.active) {
    const person = { name: user.displayName, username: user.userName };
    sendPage(res, 200, consentPage(consentId, consent, person, leadsTo));
  } else {
    const refused = { why: 'deactivated', username: user.userName } as const;
    sendPage(res, 403, federationRefusedPage(refused, consentId, leadsTo));
  }
}

/** The Assertion Consumer Service, which receives SAML responses from the identity provider's page. */
export async function consumeAssertion(
  federation: Federation,
  fields: URLSearchParams,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const accepted = await federation.accept(req, fields);
  if ('setCookie' in accepted) {
    redirect(res, allowAddress(accepted.consentId), { 'set-cookie': accepted.setCookie });
  } else {
    const { refused, consentId } = accepted;
    sendPage(res, 403, federationRefusedPage(refused, consentId, signInOrigins(federation)));
  }
}

const OVER: Page = refusedPage('This request has already been answered, or it has expired.');

/**
 * The pages that a user sees after `/authorize` or when entering a user code.
 * @returns `undefined` if the page does not exist
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

/** `GET /authorize`: asks the user, or reports an invalid request. */
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

/** The question for a user code or for the ID of a request to `/authorize`. */
function findConsent(state: IdentityCenterState, consentId: string): Consent | undefined {
  return (
    state.deviceAuthorizations.consentFor(consentId) ?? state.authorizationRequests.consentFor(consentId)
  );
}

function sendDecided(res: ServerResponse, decided: Decided): void {
  if (typeof decided === 'string') sendPage(res, 200, decidedPage(decided));
  else redirect(res, decided.redirectTo);
}

function allowAddress(consentId: string, more: Readonly<Record<string, string>> = {}): string {
  return `/allow?${new URLSearchParams({ [CONSENT_FIELD]: consentId, ...more })}`;
}

/** Redirects with 302, as the service does; browsers turn a POST into a GET. */
function redirect(res: ServerResponse, location: string, headers: Record<string, string> = {}): void {
  res.writeHead(302, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...headers });
  res.end();
}
