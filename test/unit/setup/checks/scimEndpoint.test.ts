import { describe, expect, test } from 'vitest';
import {
  checkScimEndpoint,
  checkScimRead,
  checkScimToken,
} from '../../../../src/setup/checks/scimEndpoint.ts';
import { checkGroups, checkPerson } from '../../../../src/setup/checks/scimPeople.ts';
import { redirectTo } from '../../fakes/answeringHttp.ts';
import { asked, scimInputs as inputs, scimList, scimList as list } from '../../fakes/askedScim.ts';
import { day, january } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';
import { scimResults } from '../../../../src/setup/scimRequests.ts';

describe('checkScimToken: the SCIM token', () => {
  test.each(['secret-1', ' secret-1 ', 'Bearer secret-1', 'bearer  secret-1'])(
    'is sent in the header, however it was pasted: %j',
    async (scimToken) => {
      const { state, requests } = await asked(checkScimToken, () => scimList(), { scimToken });
      expect(state).toBe('pass');
      const [[url, request] = []] = requests;
      expect(url?.href).toBe('https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/ServiceProviderConfig');
      expect(request).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer secret-1' } });
    },
  );

  test.each([
    'SCIM endpoint: https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
    '“https://scim.eu-central-1.amazonaws.com/1f2/scim/v2”.',
  ])('is sent to the checked endpoint: %j', async (scimEndpoint) => {
    const { state, requests } = await asked(checkScimToken, () => scimList(), { scimEndpoint });
    expect(state).toBe('pass');
    expect(requests[0]?.[0].href).toBe(
      'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/ServiceProviderConfig',
    );
  });

  test.each([
    [401, 'fail', 'tokenRefused'],
    [403, 'fail', 'tokenForbidden'],
    [404, 'fail', 'scimNotFound'],
    [302, 'inconclusive', 'unclearAnswer'],
    [418, 'inconclusive', 'unclearAnswer'],
  ])('with the response %i is %s: %s', async (status, state, reason) => {
    const result = await asked(checkScimToken, () => Response.json({ detail: 'Because.' }, { status }));
    expect(result).toMatchObject({ state, reason });
    expect(result.evidence).toContainEqual({ name: 'words', value: 'Because.' });
  });

  test.each([404, 501])(
    'a server without a configuration (%i) failed the token that opens its users',
    async (status) => {
      const result = await asked(checkScimToken, (url) =>
        url.pathname.endsWith('/ServiceProviderConfig') ? Response.json({}, { status }) : scimList(),
      );
      expect(result.state).toBe('pass');
    },
  );

  test.each([
    [90 * day, undefined],
    [20 * day, 'tokenEndsSoon'],
  ])('that expires in %i ms: %s', async (left, reason) => {
    const scimToken = jwt({ exp: (january + left) / 1000 });
    const result = await asked(checkScimToken, () => scimList(), { scimToken });
    expect([result.state, result.reason]).toEqual([reason === undefined ? 'pass' : 'warning', reason]);
    expect(result.evidence.slice(0, 1)).toEqual([{ name: 'tokenEndsAt', value: january + left }]);
  });

  test.each([
    ['as it is', (token: string) => token],
    ['letter by letter', (token: string) => token.replace(/./g, '$& ').trim()],
    [
      'percent-encoded',
      (token: string) => token.replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`),
    ],
  ])('A11: that a server echoes %s is not repeated, even if it resembles a word', async (_, coat) => {
    const scimToken = 'scimTokenWithoutDigitsAbcdefgh';
    const result = await asked(
      checkScimToken,
      () => Response.json({ detail: `unknown: ${coat(scimToken)}` }, { status: 401 }),
      { scimToken },
    );
    expect(result.reason).toBe('tokenRefused');
    expect(result.evidence).toContainEqual({ name: 'words', value: 'unknown: …' });
  });

  test.each([
    ['http://scim.us-east-1.amazonaws.com/1f2/scim/v2', 'notHttps'],
    ['https://user:password@evil.example/scim/v2', 'notAddress'],
    ['evil.example/scim/v2', 'notAddress'],
  ])('A12: is not sent to %s, even if no other check looked at it before', async (scimEndpoint, reason) => {
    const result = await asked(checkScimToken, () => scimList(), { scimEndpoint });
    expect(result).toMatchObject({ state: 'fail', reason, requests: [] });
  });

  test('that a server echoes is not repeated', async () => {
    const scimToken = 'ZmFrZVRva2VuMDEyMzQ1Njc4OWFiY2RlZg';
    const result = await asked(
      checkScimToken,
      () => Response.json({ detail: `${scimToken} is unknown` }, { status: 401 }),
      { scimToken },
    );
    expect(JSON.stringify(result.evidence)).not.toContain(scimToken);
  });
});

describe('checkScimEndpoint: the SCIM endpoint', () => {
  test.each([
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/', 'trailingSlash'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2//', 'trailingSlash'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2?x=1', 'scimQuery'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim', 'notScimEndpoint'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/Users', 'notScimEndpoint'],
    ['https://scim.example.com/scim/v2', 'unknownForm'],
    ['https://scim.eu-central-1.amazonaws.com/scim/v2', 'noTenant'],
    ['https://scim.eu-central-1.api.aws//scim/v2', 'noTenant'],
    // A placeholder of the documentation, and a path that AWS does not have, passed.
    ['https://scim.eu-central-1.amazonaws.com/<tenant>/scim/v2', 'noTenant'],
    ['https://scim.eu-central-1.amazonaws.com/{tenant_id}/scim/v2', 'noTenant'],
    ['https://scim.eu-central-1.amazonaws.com/a/1f2/scim/v2', 'notScimEndpoint'],
    ['http://127.0.0.1:4000/scim/eu-central-1/scim/v2', 'noTenant'],
    ['http://127.0.0.1:4000/scim/eu-central-1/1f2/scim/v2', undefined],
  ])('%s: %s', async (scimEndpoint, reason) => {
    const { reason: found, evidence } = await asked(checkScimEndpoint, () => list(), { scimEndpoint });
    expect(found).toBe(reason);
    if (reason === 'trailingSlash')
      expect(evidence).toContainEqual({
        name: 'suggestedAddress',
        value: 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
      });
  });
});

describe('checkScimToken: F12: a copied token and endpoint', () => {
  test.each([
    '“secret-1”',
    '"secret-1"',
    '\u200bsecret-1\u200b',
    'Authorization: Bearer secret-1',
    '`secret-1`\r\n',
    'Bearer “secret-1”',
  ])('%j is sent without additions', async (scimToken) => {
    const { requests } = await asked(checkScimToken, () => scimList(), { scimToken });
    expect(requests[0]?.[1]).toMatchObject({ headers: { authorization: 'Bearer secret-1' } });
  });

  test.each([
    ['abc\u200bdef', 'U+200B'],
    ['abc\ndef', 'U+000A'],
    ['abc def', 'U+0020'],
    ['abc“def', 'U+201C'],
  ])('%j is not sent, and the character is reported', async (scimToken, character) => {
    const result = await asked(checkScimToken, () => scimList(), { scimToken });
    expect(result).toMatchObject({ state: 'fail', reason: 'tokenCharacter', requests: [] });
    expect(result.evidence).toEqual([{ name: 'character', value: character }]);
  });

  test.each(['\u200b', '”', ' ', '.'])('%j after the endpoint is ignored', async (ending) => {
    const scimEndpoint = `${inputs.scimEndpoint ?? ''}${ending}`;
    expect((await asked(checkScimEndpoint, () => scimList(), { scimEndpoint })).state).toBe('pass');
    const { requests } = await asked(checkScimToken, () => scimList(), { scimEndpoint });
    expect(requests[0]?.[0].pathname).toBe('/1f2/scim/v2/ServiceProviderConfig');
  });

  test('a trailing slash is still reported, also before other characters that a copy adds', async () => {
    const scimEndpoint = `${inputs.scimEndpoint ?? ''}/\u200b`;
    const result = await asked(checkScimEndpoint, () => scimList(), { scimEndpoint });
    expect(result.reason).toBe('trailingSlash');
  });
});

describe('checkScimToken: 08.10: a token is sent only where it belongs', () => {
  const send = (scimEndpoint: string, confirmedScimHost?: string) =>
    asked(checkScimToken, () => scimList(), {
      scimEndpoint,
      ...(confirmedScimHost === undefined ? {} : { confirmedScimHost }),
    });

  test.each([
    'https://scim.us-east-1.amazonaws.com/t/scim/v2',
    'https://scim.us-gov-west-1.amazonaws.com/t/scim/v2',
    'https://scim.us-east-2.api.aws/t/scim/v2',
    'https://scim.cn-north-1.amazonaws.com.cn/t/scim/v2',
    'https://scim.cn-north-1.api.amazonwebservices.com.cn/t/scim/v2',
    'https://scim.eusc-de-east-1.amazonaws.eu/t/scim/v2',
    'https://scim.eusc-de-east-1.api.amazonwebservices.eu/t/scim/v2',
    'http://127.0.0.1:4000/t/scim/v2',
  ])('%s is used without a question', async (endpoint) => {
    expect(await send(endpoint)).toMatchObject({ state: 'pass', requests: [{}, {}] });
  });

  test.each([
    [
      'https://scim.us-east-1.amazonaws.com.evil.example/t/scim/v2',
      'scim.us-east-1.amazonaws.com.evil.example',
    ],
    ['https://evil.example/x/scim/v2', 'evil.example'],
    ['https://scim.us-east-1.amazonaws.com:8443/t/scim/v2', 'scim.us-east-1.amazonaws.com:8443'],
    ['https://scim.us-east-1.amazonaws.com.cn/t/scim/v2', 'scim.us-east-1.amazonaws.com.cn'],
    ['https://evil.us-east-1.amazonaws.com/t/scim/v2', 'evil.us-east-1.amazonaws.com'],
    ['https://scim.a.us-east-1.amazonaws.com/t/scim/v2', 'scim.a.us-east-1.amazonaws.com'],
    ['https://scim.us-east-1.amazonaws.com./t/scim/v2', 'scim.us-east-1.amazonaws.com.'],
    ['https://scim.us-east-1.on.aws/t/scim/v2', 'scim.us-east-1.on.aws'],
  ])('%s is not used before the user has agreed to exactly that host', async (endpoint, host) => {
    for (const other of [undefined, 'scim.us-east-1.amazonaws.com', `x${host}`]) {
      const result = await send(endpoint, other);
      expect(result).toMatchObject({ state: 'inconclusive', reason: 'scimHostNotConfirmed', requests: [] });
      expect(result.evidence).toEqual([{ name: 'host', value: host }]);
    }
    expect(await send(endpoint, host)).toMatchObject({ state: 'pass', requests: [{}, {}] });
  });

  test('no check sends it elsewhere', async () => {
    const scimEndpoint = 'https://evil.example/x/scim/v2';
    for (const check of [checkScimToken, checkScimRead, checkPerson, checkGroups])
      expect(await asked(check, () => list(), { scimEndpoint })).toMatchObject({
        reason: 'scimHostNotConfirmed',
        requests: [],
      });
  });
});

describe('checkScimToken: any address that answers with JSON', () => {
  test.each([{}, { message: 'Welcome' }, { status: 'ok', data: [] }])(
    'had the token accepted, and the person missing: %j',
    async (body) => {
      for (const check of [checkScimToken, checkScimRead, checkPerson])
        expect(await asked(check, () => Response.json(body))).toMatchObject({ state: 'inconclusive' });
    },
  );

  test.each([{ totalResults: 0 }, { totalResults: '0', Resources: null }, { Resources: [] }])(
    'is not a SCIM server without a match: %j',
    async (body) => {
      expect(await asked(checkPerson, () => Response.json(body))).toMatchObject({ reason: 'personMissing' });
    },
  );
});

describe('checkScimToken: A6: verifies the token with a protected endpoint', () => {
  const answering = (openConfiguration: boolean, status: number) => (url: URL) =>
    url.pathname.endsWith('/ServiceProviderConfig') && openConfiguration
      ? scimList()
      : Response.json({ detail: 'No.' }, { status });

  test.each([
    [401, 'fail', 'tokenRefused'],
    [403, 'fail', 'tokenForbidden'],
    [400, 'inconclusive', 'tokenNotShown'],
    [404, 'inconclusive', 'tokenNotShown'],
    [418, 'inconclusive', 'tokenNotShown'],
  ])('if the configuration is public and the users endpoint returns %i', async (status, state, reason) => {
    expect(await asked(checkScimToken, answering(true, status))).toMatchObject({ state, reason });
  });

  test("a firewall's 403 in JSON said that the token isn't allowed", async () => {
    const blocked = () => Response.json({ error: 'blocked', category: 'cloud' }, { status: 403 });
    const result = await asked(checkScimToken, blocked);
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'unclearAnswer' });
  });

  test('a page that answers everything with 200 proves nothing', async () => {
    const page = () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } });
    const result = await asked(checkScimToken, page);
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'unclearAnswer' });
    expect(result.evidence).toContainEqual({ name: 'unexpected', value: 'text/html' });
  });
});

describe('checkScimToken: B4: HTTP 400', () => {
  test('to a request without a filter does not mention one', async () => {
    const result = await asked(checkScimToken, () => Response.json({ detail: 'No.' }, { status: 400 }));
    expect(result).toMatchObject({ state: 'fail', reason: 'badRequest' });
  });

  test('never suggests what is set elsewhere', () => {
    const said = JSON.stringify(scimResults({ t: (text) => text }).filterRefused);
    expect(said).not.toContain('unique identifier');
  });
});

test("B6: a 401 suggests the tenant before the token, and a 403 the token's permissions", () => {
  const { tokenRefused, tokenForbidden } = scimResults({ t: (text) => text });
  expect(tokenRefused.next).toMatch(/^Compare the SCIM endpoint.*tenant.*new token/);
  expect(tokenForbidden.found).not.toContain('known');
});

describe('checkScimRead: B11: responses that deviate from SCIM', () => {
  test.each([
    ['active as text', { Resources: [{ id: '1', userName: 'ana@example.com', active: 'True' }] }, 'pass'],
    ['inactive as text', { Resources: [{ id: '1', userName: 'ana@example.com', active: 'False' }] }, 'fail'],
    ['a number as text', { totalResults: '1', Resources: [{ id: 1, userName: 'ana@example.com' }] }, 'pass'],
    ['null for no one', { totalResults: 0, Resources: null }, 'fail'],
    ['no id', { Resources: [{ userName: 'ana@example.com', active: true }] }, 'pass'],
    ['active null', { Resources: [{ id: '1', userName: 'ana@example.com', active: null }] }, 'pass'],
  ])('%s are accepted', async (_, body, state) => {
    expect((await asked(checkPerson, () => Response.json(body))).state).toBe(state);
    expect((await asked(checkScimRead, () => Response.json(body))).state).toBe('pass');
  });

  test('reports what was unexpected', async () => {
    const body = { Resources: [{ id: '1', userName: 'ana@example.com', active: 'perhaps' }] };
    const { evidence } = await asked(checkPerson, () => Response.json(body));
    expect(evidence).toContainEqual({ name: 'unexpected', value: 'Resources.0.active' });
  });

  test("reports a redirect's target without possible secrets", async () => {
    const { evidence } = await asked(checkScimRead, () =>
      redirectTo('https://login.example.com/start?token=abc#x'),
    );
    expect(evidence).toContainEqual({ name: 'redirectsTo', value: 'https://login.example.com/start' });
  });

  test('a secret in the address is not in the evidence', async () => {
    const scimEndpoint = 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2?token=secret-1';
    const result = await asked(checkScimEndpoint, () => list(), { scimEndpoint });
    expect(result).toMatchObject({ state: 'fail', reason: 'scimQuery' });
    expect(JSON.stringify(result.evidence)).not.toContain('secret-1');
  });
});
