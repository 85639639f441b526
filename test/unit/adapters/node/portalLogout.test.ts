import { describe, expect, test } from 'vitest';
import { createPortalLogout } from '../../../../src/adapters/node/portalLogout.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { HttpRequest } from '../../../../src/core/ports.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const portal = 'https://portal.sso.eu-central-1.amazonaws.com';
const { signal } = new AbortController();

describe("createPortalLogout: the portal's logout", () => {
  test('is one POST with the token only in its header', async () => {
    const asked: (readonly [string, HttpRequest])[] = [];
    const logout = createPortalLogout(async (url, init) => {
      asked.push([url, init]);
      return new Response(null);
    });
    await logout(portal, 'access-1', signal);
    const headers = { 'x-amz-sso_bearer_token': 'access-1', accept: 'application/json' };
    expect(asked).toEqual([[`${portal}/logout`, { method: 'POST', headers, signal }]]);
  });

  test.each([302, 400, 401, 403, 404])('is not confirmed by status %i', async (status) => {
    const logout = createPortalLogout(async () => new Response(null, { status }));
    const failure = await rejectionOf(logout(portal, 'access-1', signal));
    expect(failure).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'logout', host: 'portal.sso.eu-central-1.amazonaws.com', status },
    });
    expect(String(failure)).not.toContain('access-1');
  });

  test('that fails on the way keeps its error', async () => {
    const failure = new SignInError('network');
    const logout = createPortalLogout(() => Promise.reject(failure));
    expect(await rejectionOf(logout(portal, 'access-1', signal))).toBe(failure);
  });
});
