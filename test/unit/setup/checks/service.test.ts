import { describe, expect, test } from 'vitest';
import { checkService } from '../../../../src/setup/checks/service.ts';
import type { SetupInputs } from '../../../../src/setup/setupPorts.ts';
import type { TokenSet } from '../../../../src/core/oauth/tokenSet.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

const accessToken = 'accessTokenOfTheTestSignIn0123456789';
const serviceUrl = 'https://service.example.com/completions';

async function asked(
  without: () => Response,
  withToken: () => Response = without,
  inputs: SetupInputs = { serviceUrl, oktaClient: oktaConnection },
) {
  const { http, asked: requests } = answeringHttp((_, { headers }) =>
    headers['authorization'] === undefined ? without() : withToken(),
  );
  const tokenSet = { accessToken } as TokenSet;
  const signIn = async () => ({
    accountLabel: 'ana@example.com',
    tokenSet,
    validTokens: async () => tokenSet,
    renew: async () => tokenSet,
  });
  const result = await checkService(checkContext({ inputs, ports: { http, signIn } }));
  return {
    ...result,
    tokensSent: requests.filter(([, { headers }]) => headers['authorization'] !== undefined).length,
  };
}
const refusing =
  (status: number, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  () =>
    Response.json(body, { status, headers });
const open = () => Response.json({ suggestion: 'x' });

describe('checkService: A1: the service accepts the token', () => {
  test('if it rejects the same request without one', async () => {
    expect(await asked(refusing(401), open)).toMatchObject({ state: 'pass', tokensSent: 1 });
    expect(await asked(refusing(403), open)).toMatchObject({ state: 'pass', tokensSent: 1 });
  });

  test.each([
    [
      'a web page',
      () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } }),
      'answersAnyone',
    ],
    ['an API that answers anyone', open, 'answersAnyone'],
    ['a redirect to a sign-in page', () => redirectTo('https://login.example.com/'), 'serviceAnswered'],
    ['nothing at this address', refusing(404), 'serviceAnswered'],
    ['an operation that is a POST', refusing(405), 'serviceAnswered'],
  ])('%s proves nothing, and never receives the token', async (_, answer, reason) => {
    expect(await asked(answer)).toMatchObject({ state: 'inconclusive', reason, tokensSent: 0 });
  });

  test.each([
    ['Basic realm="intranet"', 'inconclusive', 'serviceAnswered'],
    ['Digest realm="bearer", nonce="1"', 'inconclusive', 'serviceAnswered'],
    ['Bearer error="invalid_token"', 'fail', 'serviceRefusedToken'],
    ['Basic realm="x", Bearer realm="y"', 'fail', 'serviceRefusedToken'],
    ['DPoP algs="ES256"', 'fail', 'serviceRefusedToken'],
  ])('a service that requires %s: %s', async (challenge, state, reason) => {
    const refused = await asked(refusing(401, {}, { 'www-authenticate': challenge }));
    expect(refused).toMatchObject({ state, reason, tokensSent: 1 });
  });

  test('a rejected token fails', async () => {
    expect(await asked(refusing(401))).toMatchObject({ state: 'fail', reason: 'serviceRefusedToken' });
  });

  test('does not repeat an echoed token', async () => {
    const result = await asked(refusing(401), () => Response.json({ token: accessToken }));
    expect(JSON.stringify(result.evidence)).not.toContain(accessToken);
  });
});

describe('checkService: B3: an error with 403', () => {
  test.each([
    [
      'AccessDeniedException',
      {},
      { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/coral/' },
    ],
    ['access_denied', { error: 'access_denied' }, {}],
    ['insufficient_scope', { error: 'insufficient_scope' }, {}],
    ['AccessDeniedException in the body', { __type: 'com.amazon.aws#AccessDeniedException' }, {}],
  ])('%s is about this user', async (_, body, headers) => {
    const result = await asked(refusing(401), refusing(403, body, headers));
    expect(result).toMatchObject({ state: 'fail', reason: 'serviceForbids' });
  });

  test.each([
    [
      'MissingAuthenticationTokenException',
      { message: 'Missing Authentication Token' },
      { 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
    ],
    ['UnknownOperationException', { __type: 'UnknownOperationException' }, {}],
    ['a firewall', {}, {}],
  ])('%s says nothing about the setup', async (_, body, headers) => {
    const result = await asked(refusing(403, body, headers));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'serviceAnswered' });
  });
});

test('B11: a query in the address is not in the evidence', async () => {
  const inputs = { serviceUrl: `${serviceUrl}?signature=abc`, oktaClient: oktaConnection };
  const { evidence } = await asked(open, open, inputs);
  expect(evidence).toContainEqual({ name: 'address', value: serviceUrl });
});
