import { describe, expect, test } from 'vitest';
import {
  checkClientId,
  checkKiroRedirectUri,
  checkRedirectUris,
} from '../../../../src/setup/checks/oktaApplication.ts';
import { checkScopes } from '../../../../src/setup/checks/oktaPolicy.ts';
import { createLookups } from '../../../../src/setup/lookups.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

/** An authorization server that responds to token requests with `error`, and to authorizations with `refusal`. */
function server(issuer: string, error: string, refusal: string) {
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/'))
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/v1/authorize`,
        token_endpoint: `${issuer}/v1/token`,
        code_challenge_methods_supported: ['S256'],
      });
    if (url.pathname.endsWith('/token')) return Response.json({ error }, { status: 400 });
    return redirectTo(`${url.searchParams.get('redirect_uri') ?? ''}?error=${refusal}`);
  });
  return checkContext({ inputs: { oktaClient: { ...oktaConnection, issuer } }, ports: { http } });
}

describe('checkClientId and checkRedirectUris', () => {
  test.each([
    ['invalid_grant', 'pass', undefined],
    ['invalid_client', 'fail', 'clientUnknown'],
    ['unauthorized_client', 'fail', 'codeGrantMissing'],
    ['invalid_dpop_proof', 'fail', 'dpopRequired'],
    ['use_dpop_nonce', 'fail', 'dpopRequired'],
    ['too_many_moons', 'inconclusive', 'unclearAnswer'],
  ])('F13: the token response %s is %s (%s)', async (error, state, reason) => {
    const result = await checkClientId(server(oktaConnection.issuer, error, 'login_required'));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  /** A server that knows the client, with this response to device authorizations. */
  function deviceServer(answer: (() => Response) | undefined, beginsWithDeviceCode = true) {
    const { issuer } = oktaConnection;
    const asked: string[] = [];
    const { http } = answeringHttp((url) => {
      asked.push(url.pathname.replace(/^.*\/v1\//, ''));
      if (url.pathname.includes('/.well-known/'))
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/v1/authorize`,
          token_endpoint: `${issuer}/v1/token`,
          ...(answer === undefined ? {} : { device_authorization_endpoint: `${issuer}/v1/device/authorize` }),
          code_challenge_methods_supported: ['S256'],
        });
      if (url.pathname.endsWith('/token')) return Response.json({ error: 'invalid_grant' }, { status: 400 });
      return answer?.() ?? new Response(null, { status: 500 });
    });
    const context = checkContext({
      inputs: { oktaClient: oktaConnection },
      ports: { http, beginsWithDeviceCode },
    });
    return { asked, result: () => checkClientId(context) };
  }

  const refusing = (status: number, body: object) => () => Response.json(body, { status });

  test.each([
    ['unauthorized_client', refusing(400, { error: 'unauthorized_client' })],
    ['unsupported_grant_type', refusing(400, { error: 'unsupported_grant_type' })],
    ['the feature is not enabled', refusing(400, { error: 'invalid_request' })],
    ['E0000015', refusing(403, { errorCode: 'E0000015', errorSummary: 'You do not have permission' })],
    ['a client that is known is not known here', refusing(401, { error: 'invalid_client' })],
    ['the endpoint is not there', refusing(404, {})],
    ['the server announces none', undefined],
  ])('F5: if sign-ins start with a device code, %s reports the grant', async (_, answer) => {
    const { state, reason } = await deviceServer(answer).result();
    expect([state, reason]).toEqual(['warning', 'deviceGrantMissing']);
  });

  test.each([
    ['a code', refusing(200, { device_code: 'd', user_code: 'ABCD-EFGH' })],
    ['a refused scope', refusing(400, { error: 'invalid_scope' })],
    ['a server in trouble', refusing(500, {})],
    ['too many requests', refusing(429, {})],
  ])('F5: %s proves nothing about the device grant', async (_, answer) => {
    const { state, reason } = await deviceServer(answer).result();
    expect([state, reason]).toEqual(['pass', undefined]);
  });

  test('F5: requests no device code if redirects work', async () => {
    const { asked, result } = deviceServer(refusing(400, { error: 'unauthorized_client' }), false);
    expect((await result()).reason).toBeUndefined();
    expect(asked).not.toContain('device/authorize');
  });

  test.each([
    ['https://example.okta.com', 'orgServer'],
    [oktaConnection.issuer, 'scopesNotConfigured'],
  ])('B17: scopes unknown to %s are reported as %s', async (issuer, reason) => {
    const result = await checkScopes(server(issuer, 'invalid_grant', 'invalid_scope'));
    expect([result.state, result.reason]).toEqual(['fail', reason]);
  });

  /** A server with these registered redirect URIs. */
  function registering(...uris: readonly string[]) {
    const { issuer } = oktaConnection;
    const { http } = answeringHttp((url) => {
      if (url.pathname.includes('/.well-known/'))
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/v1/authorize`,
          token_endpoint: `${issuer}/v1/token`,
          code_challenge_methods_supported: ['S256'],
        });
      const uri = url.searchParams.get('redirect_uri') ?? '';
      return uris.includes(uri)
        ? redirectTo(`${uri}?error=login_required`)
        : new Response('', { status: 400 });
    });
    return checkContext({ inputs: { oktaClient: oktaConnection }, ports: { http } });
  }
  const at = (port: number): string => `http://localhost:${port}/oauth/callback`;

  test.each([
    ['the newer guide’s port in the place of the older one’s', [at(3128), at(4649)], 'warning', 'newerPort'],
    ['both', [at(2128), at(3128), at(4649)], 'pass', undefined],
    ['the newer port alone', [at(3128)], 'fail', 'noneRegistered'],
    ['neither', [at(4649)], 'fail', 'redirectUrisMissing'],
  ])('B1: %s', async (_, uris, state, reason) => {
    const result = await checkRedirectUris(registering(...uris));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('the older guide’s port was not named where the setting has the newer one', async () => {
    const { inputs, ports, ...context } = registering(at(2128), at(4649));
    const result = await checkRedirectUris({
      ...context,
      inputs,
      ports: { ...ports, redirectPorts: [3128, 4649] },
      lookups: createLookups({ ...ports, redirectPorts: [3128, 4649] }, inputs, context.signal),
    });
    expect(result.evidence).toContainEqual({ name: 'acceptedInstead', value: [at(2128)] });
  });

  test.each([
    [['kiro://kiro.oauth/callback'], 'pass', undefined],
    [[at(2128)], 'warning', 'kiroRedirectUriMissing'],
  ])('B1: the Kiro IDE’s own redirect URI if %j is registered', async (uris, state, reason) => {
    const result = await checkKiroRedirectUri(registering(...uris));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('B11: reports where the token endpoint redirects', async () => {
    const { http } = answeringHttp((url) =>
      url.pathname.includes('/.well-known/')
        ? Response.json({
            issuer: oktaConnection.issuer,
            authorization_endpoint: `${oktaConnection.issuer}/v1/authorize`,
            token_endpoint: `${oktaConnection.issuer}/v1/token`,
            code_challenge_methods_supported: ['S256'],
          })
        : redirectTo('https://login.example.com/start?a=b'),
    );
    const { evidence } = await checkClientId(
      checkContext({ inputs: { oktaClient: oktaConnection }, ports: { http } }),
    );
    expect(evidence).toContainEqual({ name: 'redirectsTo', value: 'https://login.example.com/start' });
  });

  test("a run's entries in Okta’s log can be identified: state and code have the same prefix", async () => {
    const sent: string[] = [];
    const { http } = answeringHttp((url, { body }) => {
      if (url.pathname.includes('/.well-known/'))
        return Response.json({
          issuer: oktaConnection.issuer,
          authorization_endpoint: `${oktaConnection.issuer}/v1/authorize`,
          token_endpoint: `${oktaConnection.issuer}/v1/token`,
          code_challenge_methods_supported: ['S256'],
        });
      sent.push(url.searchParams.get('state') ?? new URLSearchParams(body).get('code') ?? '');
      return url.pathname.endsWith('/token')
        ? Response.json({ error: 'invalid_grant' }, { status: 400 })
        : new Response('', { status: 400 });
    });
    const context = checkContext({ inputs: { oktaClient: oktaConnection }, ports: { http } });
    await checkClientId(context);
    await checkRedirectUris(context);
    expect(new Set(sent.map((one) => one.slice(0, 24)))).toEqual(new Set(['developer-sign-in-check-']));
    expect(new Set(sent).size).toBe(sent.length);
  });
});
