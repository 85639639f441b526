import type { KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NOT_SUBSCRIBED } from '../identityCenter/portal.ts';
import { verifyAccessToken } from './accessTokens.ts';

/** The protected resource's response to a valid token. */
export interface Completion {
  readonly suggestion: string;
  /** The login of the token's user. */
  readonly sub: string;
  readonly scopes: readonly string[];
}

const REQUIRED_SCOPE = 'codewhisperer:completions';

/**
 * Stands in for the service that developers sign in to. Takes a bearer token with the header `TokenType:
 * EXTERNAL_IDP`, as the real one does, and validates it locally: signature, expiry, scope. A token therefore
 * outlives its grant until it expires.
 * @param now epoch milliseconds
 * @param isEntitled whether the service's administrator gave this user access
 */
export function createProtectedResource(
  key: KeyObject,
  now: () => number,
  isEntitled: (username: string) => boolean,
) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const external = req.headers['tokentype'] === 'EXTERNAL_IDP';
    const claims = token !== undefined && external ? verifyAccessToken(token, key, now()) : undefined;
    if (claims === undefined) {
      answer(res, 401, { error: 'invalid_token' });
    } else if (!claims.scp.includes(REQUIRED_SCOPE)) {
      answer(res, 403, { error: 'insufficient_scope' });
    } else if (!isEntitled(claims.sub)) {
      answer(res, 403, { error: 'access_denied', message: NOT_SUBSCRIBED });
    } else {
      const completion: Completion = { suggestion: 'return a + b;', sub: claims.sub, scopes: claims.scp };
      answer(res, 200, completion);
    }
  };
}

function answer(res: ServerResponse, status: number, body: object): void {
  if ('error' in body) res.setHeader('www-authenticate', `Bearer error="${String(body.error)}"`);
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
