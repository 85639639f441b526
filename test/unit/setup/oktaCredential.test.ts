import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { createOktaApi } from '../../../src/setup/oktaApi.ts';
import { hasServiceApp, oktaCredential, readScopes } from '../../../src/setup/oktaCredential.ts';
import type { SetupInputs, SignedJwt } from '../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../fakes/answeringHttp.ts';
import { january, oktaConnection } from '../fakes/examples.ts';
import { setupPorts } from '../fakes/setupPorts.ts';

const never = new AbortController().signal;
const organization = new URL('https://example.okta.com/oauth2/aus1');
const inputs: SetupInputs = {
  oktaClient: oktaConnection,
  oktaServiceClientId: ' 0oa1b2c3d4E5f6G7h8i9 ',
  oktaServiceKey: '-----BEGIN PRIVATE KEY-----',
};
const token = (scope?: string) =>
  Response.json({ access_token: 'at-of-service', token_type: 'Bearer', expires_in: 3600, scope });
const refusal = (status: number, error: string, error_description?: string) =>
  Response.json({ error, error_description }, { status });

/** The credential of a service app for this token response. */
async function credential(
  answer: (scope: string) => Response,
  signJwt: () => SignedJwt = () => ({ jwt: 'signed' }),
) {
  const { http, asked } = answeringHttp((_, { body }) =>
    answer(new URLSearchParams(body).get('scope') ?? ''),
  );
  const found = await oktaCredential(setupPorts({ http, signJwt }), inputs, organization, never);
  return { found, asked, result: 'refusal' in found ? found.refusal : undefined };
}

test('a service app has its client ID and its key', () => {
  expect(hasServiceApp(inputs)).toBe(true);
  expect(hasServiceApp({ ...inputs, oktaServiceKey: ' ' })).toBe(false);
  expect(hasServiceApp({ ...inputs, oktaServiceClientId: '' })).toBe(false);
});

describe('oktaCredential', () => {
  test('signs an assertion for the organization’s own server, and never sends the key', async () => {
    const signed: unknown[] = [];
    const { http, asked } = answeringHttp(() => token(readScopes.join(' ')));
    const ports = setupPorts({
      http,
      signJwt: (key, claims) => {
        signed.push([key, claims]);
        return { jwt: 'signed' };
      },
    });
    const found = await oktaCredential(ports, inputs, organization, never);
    expect(found).toEqual({ authorization: 'Bearer at-of-service', scopes: [...readScopes] });
    const address = 'https://example.okta.com/oauth2/v1/token';
    expect(signed).toEqual([
      [
        inputs.oktaServiceKey,
        {
          iss: '0oa1b2c3d4E5f6G7h8i9',
          sub: '0oa1b2c3d4E5f6G7h8i9',
          aud: address,
          iat: january / 1000,
          exp: january / 1000 + 300,
          jti: expect.stringMatching(/^[\da-f-]{36}$/) as string,
        },
      ],
    ]);
    const [[url, request] = []] = asked;
    expect(url?.href).toBe(address);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: readScopes.join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'signed',
    });
    expect(request?.body).not.toContain('PRIVATE');
  });

  test('requests read scopes only', () => {
    expect(readScopes.every((scope) => /^okta\.\w+\.read$/.test(scope))).toBe(true);
  });

  test('keeps what was granted if Okta rejects all because of one', async () => {
    const granted = ['okta.apps.read', 'okta.groups.read'];
    const { found, asked } = await credential((scope) =>
      scope.split(' ').every((one) => granted.includes(one))
        ? token(scope)
        : refusal(400, 'invalid_scope', 'One or more scopes are not configured.'),
    );
    expect(found).toEqual({ authorization: 'Bearer at-of-service', scopes: granted });
    expect(asked).toHaveLength(1 + readScopes.length + 1);
  });

  test('uses the scopes in the response, if it grants fewer than requested', async () => {
    const { found } = await credential(() => token('okta.apps.read'));
    expect(found).toMatchObject({ scopes: ['okta.apps.read'] });
  });

  test.each<[string, Response, string]>([
    [
      'an unknown client',
      refusal(401, 'invalid_client', 'Invalid value for client_id parameter.'),
      'serviceRefused',
    ],
    [
      'no registered key',
      refusal(
        401,
        'invalid_client',
        'The client does not have a JWKSet configured, but the client_assertion requires one.',
      ),
      'serviceRefused',
    ],
    [
      'a clock that is behind',
      refusal(401, 'invalid_client', 'The client_assertion token is expired.'),
      'serviceClock',
    ],
    [
      'a web application',
      refusal(400, 'unauthorized_client', 'The client is not authorized to use the provided grant type.'),
      'serviceNotAllowed',
    ],
    ['no scope', refusal(400, 'invalid_scope'), 'serviceScopesMissing'],
    ['DPoP', refusal(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.'), 'serviceDpop'],
    ['another refusal', refusal(400, 'server_confused'), 'unclearAnswer'],
    ['a page', new Response('<html>', { status: 200 }), 'unclearAnswer'],
  ])('%s is reported, and proves nothing about the setup', async (_, answer, reason) => {
    const { result } = await credential(() => answer.clone());
    expect(result).toMatchObject({ state: 'inconclusive', reason });
  });

  test('a token bound by DPoP cannot be used', async () => {
    const { result } = await credential(() =>
      Response.json({ access_token: 'at', token_type: 'DPoP', expires_in: 3600 }),
    );
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'serviceDpop' });
  });

  test.each(['keyUnreadable', 'keyPublic', 'keyEncrypted', 'keyUnsupported'] as const)(
    'sends nothing with %s',
    async (problem) => {
      const { result, asked } = await credential(
        () => token(),
        () => ({ problem }),
      );
      expect([result?.state, result?.reason, asked]).toEqual(['inconclusive', problem, []]);
    },
  );

  test('does not repeat the sent assertion', async () => {
    const { result } = await credential(
      () => refusal(401, 'invalid_client', 'bad: assertion-of-the-app'),
      () => ({ jwt: 'assertion-of-the-app' }),
    );
    expect(JSON.stringify(result)).not.toContain('assertion-of-the-app');
  });
});

describe('readScopes: a service app at Okta’s API', () => {
  const list = v.array(v.unknown());
  async function read(path: string, answer: Response, scope = readScopes.join(' ')) {
    const { http, asked } = answeringHttp(({ pathname }) =>
      pathname.endsWith('/token') ? token(scope) : answer,
    );
    const okta = createOktaApi(setupPorts({ http, signJwt: () => ({ jwt: 'x' }) }), inputs, never);
    const found = await okta.read(path, list);
    return { asked, result: 'refusal' in found ? found.refusal : undefined };
  }

  test('reads with the granted token', async () => {
    const { asked, result } = await read('/api/v1/apps', Response.json([]));
    expect(result).toBeUndefined();
    expect(asked[1]?.[1].headers).toMatchObject({ authorization: 'Bearer at-of-service' });
  });

  test.each([
    ['/api/v1/apps/0oa1/group-push/mappings', 'okta.apps.read', ['okta.groups.read']],
    ['/api/v1/logs?limit=1', 'okta.apps.read', ['okta.logs.read']],
    ['/api/v1/authorizationServers/aus1/scopes', '', ['okta.authorizationServers.read']],
  ])('does not read %s with only %s', async (path, scope, missing) => {
    const { asked, result } = await read(path, Response.json([]), scope === '' ? 'okta.apps.read' : scope);
    expect(asked).toHaveLength(1);
    expect(result).toMatchObject({
      reason: 'serviceScopesMissing',
      evidence: [{ name: 'missing', value: missing }],
    });
  });

  test.each([
    [401, {}, 'serviceTokenRefused'],
    [403, {}, 'serviceRoleMissing'],
    [
      403,
      { 'www-authenticate': 'DPoP scope="okta.policies.read", error="insufficient_scope"' },
      'serviceScopesMissing',
    ],
  ])('error %i %j: %s', async (status, headers, reason) => {
    const { result } = await read(
      '/api/v1/apps',
      Response.json({ errorCode: 'E0000006' }, { status, headers }),
    );
    expect(result).toMatchObject({ state: 'inconclusive', reason });
  });
});
