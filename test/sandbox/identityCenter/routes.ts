import type { Person } from '../people.ts';
import { readBody, type RequestHandler } from '../server.ts';
import { createApi, type IdentityCenterState } from './api.ts';
import { apiHandler, isApiPath } from './apiHandler.ts';
import { authorize, browserHandler, consumeAssertion } from './browserHandler.ts';
import { type BrowserSessions, createBrowserSessions } from './browserSessions.ts';
import { FEDERATED_DIRECTORY } from './directories.ts';
import type { Federation } from './federation.ts';
import { assignments, complete, logOut } from './portal.ts';
import type { SessionData } from './sessions.ts';
import type { Watched } from './watched.ts';

/**
 * `/oidc/{region}/…` and `/portal/{region}/…`; for a federated instance also `/scim/{region}/…` and
 * `/platform/{region}/…`. AWS does not have hosts for names that are not shaped like a Region.
 */
export const REGIONAL_PATH =
  /^\/(?<service>oidc|portal|scim|platform)\/(?<region>[a-z]+(?:-[a-z]+)+-\d+)(?<path>\/.*)$/;

/** The services behind the routes. */
interface HandlerDependencies {
  readonly state: IdentityCenterState;
  readonly people: readonly Person[];
  readonly now: () => number;
  readonly origin: string;
  /** The instance with an external identity source, once it is set up. */
  readonly federation: () => Federation | undefined;
  readonly watched: Watched;
}

/** Routes of the whole server: the API and portal of every Region, the pages, and the protected endpoint. */
export function createHandler(dependencies: HandlerDependencies): RequestHandler {
  const { state, people, now, origin, federation, watched } = dependencies;
  const api = createApi(state, `${origin}/device`);
  const browserSessions: BrowserSessions<Person> = createBrowserSessions(origin);
  const browser = { state, people, watched, federation, browserSessions };
  const isEntitled = ({ startUrl, username }: SessionData): boolean =>
    startUrl !== FEDERATED_DIRECTORY.startUrl || federation()?.isEntitled(username) === true;

  const unknown: RequestHandler = (req, res) =>
    watched('identityCenter.unknown', req, res, (answer) => {
      answer.writeHead(404, { 'x-amzn-errortype': 'UnknownOperationException' }).end();
    });

  return (req, res) => {
    const method = req.method ?? '';
    const url = new URL(req.url ?? '/', origin);
    const { service, region = '', path = url.pathname } = REGIONAL_PATH.exec(url.pathname)?.groups ?? {};

    switch (`${method} ${service ?? ''}${path}`) {
      case 'GET oidc/authorize':
        return watched('identityCenter.authorize', req, res, (answer) =>
          authorize(state, region, url.searchParams, answer),
        );
      case 'POST portal/logout':
        return watched('identityCenter.logout', req, res, (answer, requestId) =>
          logOut(state.sessions, region, req, { res: answer, requestId }),
        );
      case 'GET portal/assignment/accounts':
      case 'GET portal/assignment/roles':
      case 'GET portal/federation/credentials':
        return watched(`identityCenter.portal${path.replaceAll('/', '.')}`, req, res, (answer, requestId) =>
          assignments(path, {
            ...{ sessions: state.sessions, credentials: state.roleCredentials, region, req, requestId },
            ...{ res: answer, parameters: url.searchParams },
          }),
        );
      case 'GET /completions':
        return watched('identityCenter.completions', req, res, (answer) =>
          complete(state.sessions, isEntitled, req, answer),
        );
    }
    if (service === 'oidc' && method === 'POST' && isApiPath(path)) {
      return apiHandler({ api, region, path }, now, watched)(req, res);
    }
    const instance = federation();
    if (instance !== undefined && service === 'scim') return instance.handleScim(req, res, region, url);
    if (instance !== undefined && `${method} ${origin}${url.pathname}` === `POST ${instance.acsUrl}`) {
      return consume(instance, watched)(req, res);
    }
    const page = service === undefined ? browserHandler(browser, method, url) : undefined;
    return (page ?? unknown)(req, res);
  };
}

/** The identity provider's response, posted by the browser. */
function consume(instance: Federation, watched: Watched): RequestHandler {
  return async (req, res) => {
    const fields = new URLSearchParams(await readBody(req));
    await watched('identityCenter.assertion', req, res, (answer) =>
      consumeAssertion(instance, fields, req, answer),
    );
  };
}
