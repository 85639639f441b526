import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IssuedRoleCredentials } from './roleCredentials.ts';
import type { SessionData, Sessions } from './sessions.ts';

/** `POST /logout` of a Region's access portal: ends the session of the token in `x-amz-sso_bearer_token`. */
export function logOut(
  sessions: Sessions,
  region: string,
  req: IncomingMessage,
  { res, requestId }: { readonly res: ServerResponse; readonly requestId: string },
): void {
  const token = req.headers['x-amz-sso_bearer_token'];
  const session = typeof token === 'string' ? sessions.withAccessToken(token) : undefined;
  if (session?.region === region) {
    sessions.end(session.id);
    res.writeHead(200, { 'x-amzn-requestid': requestId, 'content-length': '0' }).end();
    return;
  }
  // The portal is a separate service from SSO-OIDC: its errors have a `message` and a different suffix.
  const suffix = ':http://internal.amazon.com/coral/com.amazon.switchboard.portal/';
  res.writeHead(401, {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': `UnauthorizedException${suffix}`,
  });
  res.end(JSON.stringify({ message: 'Session token not found or invalid' }));
}

/** The AWS accounts of every user at the access portal, and each user's roles in them. */
const AWS_ACCOUNTS = [
  {
    accountId: '111122223333',
    accountName: 'Development',
    emailAddress: 'dev@example.com',
    roles: ['Developer', 'ReadOnly'],
  },
  {
    accountId: '444455556666',
    accountName: 'Production',
    emailAddress: 'prod@example.com',
    roles: ['ReadOnly'],
  },
] as const;

const ACCOUNT_SCOPE = 'sso:account:access';

interface PortalRequest {
  readonly sessions: Sessions;
  readonly region: string;
  readonly credentials: IssuedRoleCredentials;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly parameters: URLSearchParams;
}

/**
 * `GET /assignment/accounts`, `/assignment/roles` and `/federation/credentials` of the access portal, one row per
 * page.
 */
export function assignments(operation: string, request: PortalRequest): void {
  const { sessions, region, req, parameters, credentials } = request;
  const token = req.headers['x-amz-sso_bearer_token'];
  const session = typeof token === 'string' ? sessions.withAccessToken(token) : undefined;
  if (session?.region !== region || !session.scopes.includes(ACCOUNT_SCOPE)) {
    refuse(request, 401, 'UnauthorizedException', 'Session token not found or invalid');
    return;
  }
  const account = AWS_ACCOUNTS.find(({ accountId }) => accountId === parameters.get('account_id'));
  switch (operation) {
    case '/assignment/accounts':
      answerPage(
        request,
        'accountList',
        AWS_ACCOUNTS.map(({ accountId, accountName, emailAddress }) => ({
          accountId,
          accountName,
          emailAddress,
        })),
      );
      return;
    case '/assignment/roles':
      if (account === undefined) refuse(request, 403, 'ForbiddenException', 'No access');
      else
        answerPage(
          request,
          'roleList',
          account.roles.map((roleName) => ({ roleName, accountId: account.accountId })),
        );
      return;
    default: {
      const role = account?.roles.find((one) => one === parameters.get('role_name'));
      if (account === undefined || role === undefined) {
        refuse(request, 403, 'ForbiddenException', 'No access');
        return;
      }
      const { accountId } = account;
      const holder = { accountId, roleName: role, username: session.username };
      answerJson(request, 200, { roleCredentials: credentials.issue(holder) });
    }
  }
}

/** One row per page, to catch clients that read only the first page. */
function answerPage(request: PortalRequest, member: string, rows: readonly object[]): void {
  const start = Number(request.parameters.get('next_token') ?? 0);
  const next = start + 1 < rows.length ? { nextToken: String(start + 1) } : { nextToken: null };
  answerJson(request, 200, { [member]: rows.slice(start, start + 1), ...next });
}

function answerJson({ res, requestId }: PortalRequest, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': requestId });
  res.end(JSON.stringify(body));
}

function refuse(request: PortalRequest, status: number, type: string, message: string): void {
  const suffix = ':http://internal.amazon.com/coral/com.amazon.switchboard.portal/';
  request.res.setHeader('x-amzn-errortype', `${type}${suffix}`);
  answerJson(request, status, { message });
}

/** The service's response to a user whose group is not assigned in its console. */
export const NOT_SUBSCRIBED = 'User is not subscribed to this service.';

const NEEDED_SCOPE = 'codewhisperer:completions';

/**
 * `GET /completions`: a service that a signed-in tool would call, to show that a token works.
 * @param isEntitled whether the service's administrator gave the user of a session access
 */
export function complete(
  sessions: Sessions,
  isEntitled: (session: SessionData) => boolean,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const session = token === undefined ? undefined : sessions.withAccessToken(token);
  if (session === undefined) {
    sendJson(res, 401, { error: 'invalid_token' });
  } else if (!session.scopes.includes(NEEDED_SCOPE)) {
    sendJson(res, 403, { error: 'insufficient_scope', scope: NEEDED_SCOPE });
  } else if (!isEntitled(session)) {
    sendJson(res, 403, { error: 'access_denied', message: NOT_SUBSCRIBED });
  } else {
    sendJson(res, 200, { suggestion: 'return a + b;', scopes: session.scopes });
  }
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
