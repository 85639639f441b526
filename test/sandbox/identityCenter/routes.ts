import type { Faults } from '../faults.ts';
import type { Person } from '../people.ts';
import type { RequestLog } from '../requestLog.ts';
import type { RequestHandler } from '../server.ts';
import { createApi, type IdentityCenterState } from './api.ts';
import { apiHandler, isApiPath } from './apiHandler.ts';
import { authorize, browserHandler } from './browserHandler.ts';
import { createBrowserSessions } from './browserSessions.ts';
import { complete, logOut } from './portal.ts';
import { createWatched } from './watched.ts';

/** `/oidc/{region}/…` and `/portal/{region}/…`. What has not the shape of a region has no host at AWS either. */
export const REGIONAL_PATH = /^\/(?<service>oidc|portal)\/(?<region>[a-z]+(?:-[a-z]+)+-\d+)(?<path>\/.*)$/;

/** What requests are answered from. */
interface HandlerDependencies {
  readonly state: IdentityCenterState;
  readonly people: readonly Person[];
  readonly faults: Faults;
  readonly requestLog: RequestLog;
  readonly now: () => number;
  readonly origin: string;
}

/** The whole server: the API and the portal of every region, the pages, and the protected endpoint. */
export function createHandler(dependencies: HandlerDependencies): RequestHandler {
  const { state, people, now, origin } = dependencies;
  const watched = createWatched(dependencies.requestLog, dependencies.faults);
  const api = createApi(state, `${origin}/device`);
  const browser = { state, people, watched, browserSessions: createBrowserSessions(origin) };

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
          logOut(state.sessions, region, req, answer, requestId),
        );
      case 'GET /completions':
        return watched('identityCenter.completions', req, res, (answer) =>
          complete(state.sessions, req, answer),
        );
    }
    if (service === 'oidc' && method === 'POST' && isApiPath(path)) {
      return apiHandler(api, region, path, now, watched)(req, res);
    }
    const page = service === undefined ? browserHandler(browser, method, url) : undefined;
    return (page ?? unknown)(req, res);
  };
}
