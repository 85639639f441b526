import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { createOktaApi } from '../../../src/setup/oktaApi.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import { answeringHttp, redirectTo } from '../fakes/answeringHttp.ts';
import { setupPorts } from '../fakes/setupPorts.ts';
import { oktaConnection } from '../fakes/examples.ts';

const never = new AbortController().signal;
const list = v.array(v.object({ id: v.string() }));
const oktaApiToken = '00secretOfOktaAdministrator1234567890abcd';
const inputs: SetupInputs = { oktaClient: oktaConnection, oktaApiToken };

async function read(answer: Parameters<typeof answeringHttp>[0], given: SetupInputs = inputs) {
  const { http, asked } = answeringHttp(answer);
  const okta = createOktaApi(setupPorts({ http }), given, never);
  const found = await okta.read('/api/v1/apps', list);
  return { found, asked, result: 'refusal' in found ? found.refusal : undefined };
}

describe('createOktaApi', () => {
  test('requests once what several checks need', async () => {
    const { http, asked } = answeringHttp(() => Response.json([]));
    const okta = createOktaApi(setupPorts({ http }), inputs, never);
    await Promise.all([okta.read('/api/v1/apps', list), okta.read('/api/v1/apps', v.array(v.unknown()))]);
    await okta.read('/api/v1/groups', list);
    expect(asked.map(([{ pathname }]) => pathname)).toEqual(['/api/v1/apps', '/api/v1/groups']);
  });

  test('simulates a policy by sending JSON', async () => {
    const { http, asked } = answeringHttp(() => Response.json([{ id: 'a' }]));
    const okta = createOktaApi(setupPorts({ http }), inputs, never);
    expect(await okta.simulate([{ appInstance: '0oa1' }], list)).toEqual({ value: [{ id: 'a' }] });
    expect(asked[0]?.[0].href).toBe('https://example.okta.com/api/v1/policies/simulate');
    expect(asked[0]?.[1]).toMatchObject({ method: 'POST', body: '[{"appInstance":"0oa1"}]' });
  });
});

describe('createOktaApi: Okta’s API', () => {
  test.each([oktaApiToken, `SSWS ${oktaApiToken}`, ` "${oktaApiToken}" `])(
    'is read at the organization’s own host, with the bare token: %s',
    async (token) => {
      const { asked } = await read(() => Response.json([]), { ...inputs, oktaApiToken: token });
      expect(asked).toHaveLength(1);
      const [[url, request] = []] = asked;
      expect(url?.href).toBe('https://example.okta.com/api/v1/apps');
      expect(request).toMatchObject({ method: 'GET', headers: { authorization: `SSWS ${oktaApiToken}` } });
    },
  );

  test.each([
    'https://login.example.com/oauth2/aus1',
    'https://example.okta.com.evil.example/oauth2/aus1',
    'https://example.okta.com:8443/oauth2/aus1',
    'https://a.workflows.okta.com/oauth2/aus1',
    'not an issuer',
  ])('never receives the token at %s', async (issuer) => {
    const { asked, result } = await read(() => Response.json([]), {
      ...inputs,
      oktaClient: { ...oktaConnection, issuer },
    });
    expect({ asked, reason: result?.reason }).toEqual({ asked: [], reason: 'oktaHostUnknown' });
  });

  test('is found from the sign-on URL of the saved metadata', async () => {
    const metadataXml = '<x Location="https://example.okta.com/app/amazon_aws_sso/exk1/sso/saml"/>';
    const { asked } = await read(() => Response.json([]), { metadataXml, oktaApiToken });
    expect(asked[0]?.[0].host).toBe('example.okta.com');
    const other = metadataXml.replace('example.okta.com', 'evil.example');
    expect((await read(() => Response.json([]), { metadataXml: other, oktaApiToken })).asked).toEqual([]);
  });

  const page = (next: (after: number) => string) => (url: URL) => {
    const after = Number(url.searchParams.get('after') ?? 0);
    const link = `<https://example.okta.com/api/v1/apps>; rel="self"${next(after)}`;
    return Response.json([{ id: String(after) }], { headers: { link } });
  };
  const nextAt = (host: string, after: number) =>
    `, <https://${host}/api/v1/apps?after=${after + 1}>; rel="next"`;

  test('reads all pages of a list', async () => {
    const { found, asked } = await read(
      page((after) => (after < 2 ? nextAt('example.okta.com', after) : '')),
    );
    expect(found).toEqual({ value: [{ id: '0' }, { id: '1' }, { id: '2' }] });
    expect(asked).toHaveLength(3);
  });

  test.each<[string, (after: number) => string, number]>([
    ['at another host', (after) => nextAt(after < 1 ? 'example.okta.com' : 'evil.example', after), 2],
    ['without an end', (after) => nextAt('example.okta.com', after), 10],
  ])(
    'a list that continues %s does not count as complete, and nothing counts as missing from it',
    async (_where, next, pages) => {
      const { result, asked } = await read(page(next));
      expect(result).toMatchObject({ state: 'inconclusive', reason: 'oktaListNotWhole' });
      expect(asked.map(([{ host }]) => host)).toEqual(Array<string>(pages).fill('example.okta.com'));
    },
  );

  test('reads a list once, for callers that need all of it or one entry', async () => {
    const { http, asked } = answeringHttp(page((after) => nextAt('evil.example', after)));
    const okta = createOktaApi(setupPorts({ http }), inputs, never);
    expect(await okta.readSome('/api/v1/apps', list)).toEqual({ value: [{ id: '0' }] });
    expect(await okta.read('/api/v1/apps', list)).toMatchObject({ refusal: { reason: 'oktaListNotWhole' } });
    expect(asked).toHaveLength(1);
  });

  test.each([401, 403, 404])(
    'a response %i from another source proves nothing about the token or record',
    async (status) => {
      for (const body of ['{}', '', '{"message":"no Route matched"}', '{"errorSummary":'])
        expect((await read(() => new Response(body, { status }))).result).toMatchObject({
          state: 'inconclusive',
          reason: 'unclearAnswer',
        });
    },
  );

  test('the token was blamed for a feature that the organization doesn’t have', async () => {
    const body = { errorCode: 'E0000015', errorSummary: 'You do not have permission to access the feature.' };
    const { result } = await read(() => Response.json(body, { status: 401 }));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'featureMissing' });
  });

  test.each([
    [401, 'apiTokenRefused'],
    [403, 'apiTokenForbidden'],
    [404, 'notInOkta'],
    [418, 'unclearAnswer'],
  ])('that responds with %i proves nothing about the setup', async (status, reason) => {
    const { result } = await read(() => Response.json({ errorSummary: 'Because.' }, { status }));
    expect(result).toMatchObject({ state: 'inconclusive', reason });
    expect(result?.evidence).toContainEqual({ name: 'words', value: 'Because.' });
  });

  test("reports a redirect's target, and unexpected content", async () => {
    expect((await read(() => redirectTo('https://login.example.com/'))).result?.evidence).toContainEqual({
      name: 'redirectsTo',
      value: 'https://login.example.com/',
    });
    const { result } = await read(() => Response.json([{ id: 1 }]));
    expect(result?.evidence).toContainEqual({ name: 'unexpected', value: '0.id' });
  });

  test('never repeats the token', async () => {
    const { result } = await read(() =>
      Response.json({ errorSummary: `unknown ${oktaApiToken}` }, { status: 401 }),
    );
    expect(JSON.stringify(result)).not.toContain(oktaApiToken);
  });

  test('is not called with a token that cannot be sent', async () => {
    const { asked, result } = await read(() => Response.json([]), { ...inputs, oktaApiToken: 'a\u200bb' });
    expect({ asked, reason: result?.reason }).toEqual({ asked: [], reason: 'apiTokenCharacter' });
  });
});
