import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionFacts, Sessions } from './sessions.ts';

/** `POST /logout` of a region's access portal: ends the session behind the token in `x-amz-sso_bearer_token`. */
export function logOut(
  sessions: Sessions,
  region: string,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
): void {
  const token = req.headers['x-amz-sso_bearer_token'];
  const session = typeof token === 'string' ? sessions.withAccessToken(token) : undefined;
  if (session?.region === region) {
    sessions.end(session.id);
    res.writeHead(200, { 'x-amzn-requestid': requestId, 'content-length': '0' }).end();
    return;
  }
  // The portal is another service than SSO-OIDC: its errors have a `message`, and a suffix of its own.
  const suffix = ':http://internal.amazon.com/coral/com.amazon.switchboard.portal/';
  res.writeHead(401, {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': `UnauthorizedException${suffix}`,
  });
  res.end(JSON.stringify({ message: 'Session token not found or invalid' }));
}

/** What the service says to a person whose group has not been added in its own console. */
export const NOT_SUBSCRIBED = 'User is not subscribed to this service.';

const NEEDED_SCOPE = 'codewhisperer:completions';

/**
 * `GET /completions`: a service that a signed-in tool would call, so that a token can be shown to be good for something.
 * @param isEntitled whether an administrator of the service has given it to the person behind a session
 */
export function complete(
  sessions: Sessions,
  isEntitled: (session: SessionFacts) => boolean,
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
