import { describe, expect, test } from 'vitest';
import { secretsSent, withoutEcho } from '../../../../src/adapters/node/withoutEcho.ts';

const secret = 'aoaAAAAAGf3-K2l3M4n5o6P7q8R9s0T1u2V3w4X5y6Z7';

describe('secretsSent: the secrets of a request', () => {
  test.each<readonly [string, Parameters<typeof secretsSent>[0], readonly string[]]>([
    [
      'a form',
      { headers: {}, body: `grant_type=refresh_token&refresh_token=${secret}&client_id=0oa1` },
      [secret],
    ],
    [
      'JSON',
      {
        headers: {},
        body: JSON.stringify({ clientId: 'x', clientSecret: 'y1', codeVerifier: 'z1', scope: [] }),
      },
      ['y1', 'z1'],
    ],
    ['a bearer header', { headers: { Authorization: `Bearer ${secret}` } }, [secret]],
    ['the portal’s header', { headers: { 'x-amz-sso_bearer_token': secret } }, [secret]],
    ['nothing', { headers: { accept: 'application/json' } }, []],
  ])('%s', (_what, request, expected) => {
    expect(secretsSent(request)).toEqual(expected);
  });
});

describe('withoutEcho: 08.01: an error response', () => {
  const request = { headers: {}, body: `refresh_token=${secret}` };

  test('loses what was sent from its message and headers', async () => {
    const body = JSON.stringify({ error: 'invalid_grant', error_description: `no ${secret}` });
    const answer = new Response(body, {
      status: 400,
      headers: { 'x-okta-request-id': secret, 'content-type': 'application/json' },
    });
    const shown = await withoutEcho(answer, request);
    expect(await shown.json()).toEqual({ error: 'invalid_grant', error_description: 'no …' });
    expect(Object.fromEntries(shown.headers)).toEqual({ 'content-type': 'application/json' });
    expect(shown.status).toBe(400);
  });

  test('that has the status 200 kept what was sent', async () => {
    const said = {
      error: 'invalid_grant',
      error_description: Array.from(secret).join(' '),
      access_token: '',
    };
    const shown = await withoutEcho(Response.json(said), request);
    expect(await shown.json()).toEqual({ ...said, error_description: '…' });
    expect(shown.status).toBe(200);
  });

  test('a token response is unchanged: the same refresh token may be returned', async () => {
    const answer = new Response(JSON.stringify({ refresh_token: secret }));
    expect(await withoutEcho(answer, request)).toBe(answer);
  });
});
