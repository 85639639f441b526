import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checkAnnounced, checkMetadataReachable } from '../../../../src/setup/checks/oktaServer.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

const documentOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/v1/authorize`,
  token_endpoint: `${issuer}/v1/token`,
  code_challenge_methods_supported: ['S256'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
});
type Answer = Response | Error;

function context(
  first: (issuer: string) => Answer,
  second: (issuer: string) => Answer = first,
  issuer = oktaConnection.issuer,
) {
  const { http } = answeringHttp(({ pathname }) =>
    pathname.endsWith('/openid-configuration') ? first(issuer) : second(issuer),
  );
  return checkContext({ inputs: { oktaClient: { ...oktaConnection, issuer } }, ports: { http } });
}
const good = (issuer: string) => Response.json(documentOf(issuer));
const missing = (status: number) => () => Response.json({ errorCode: 'E0000007' }, { status });
const broken = () => new SignInError('network', { host: 'example.okta.com' });

describe('checkMetadataReachable: B8: one of the two metadata addresses', () => {
  test.each([
    ['the second is missing', good, missing(404), 'warning', 'secondAddressMissing'],
    ['the second is refused', good, missing(401), 'warning', 'secondAddressMissing'],
    ['a firewall keeps the second back', good, broken, 'inconclusive', 'secondAddressNotAsked'],
    ['the first is missing', missing(404), good, 'fail', 'noMetadata'],
    ['a firewall keeps the first back', broken, good, 'inconclusive', 'couldNotAsk'],
    ['both are there', good, good, 'pass', undefined],
  ])('%s', async (_, first, second, state, reason) => {
    const result = await checkMetadataReachable(context(first, second));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('a grant that is not listed is a warning: it may be available anyway', async () => {
    const withGrants = (grants: readonly string[]) => (issuer: string) =>
      Response.json({ ...documentOf(issuer), grant_types_supported: grants });
    for (const grants of [['authorization_code'], []])
      expect(await checkAnnounced(context(withGrants(grants)))).toMatchObject({
        state: 'warning',
        reason: 'grantsNotAnnounced',
      });
  });
});

describe('checkMetadataReachable: B5: the authorization server', () => {
  test('of the organization itself is reported at once', async () => {
    for (const issuer of ['https://example.okta.com', 'https://login.example.com'])
      expect(await checkMetadataReachable(context(good, good, issuer))).toMatchObject({
        state: 'fail',
        reason: 'orgServer',
      });
  });

  test('is found from its page in the Okta Admin Console', async () => {
    const { http, asked } = answeringHttp(() =>
      Response.json(documentOf('https://example.okta.com/oauth2/aus1a2b3c4d5')),
    );
    const issuer = 'https://example-admin.okta.com/admin/oauth2/as/aus1a2b3c4d5#tab-settings';
    const result = await checkMetadataReachable(
      checkContext({ inputs: { oktaClient: { ...oktaConnection, issuer } }, ports: { http } }),
    );
    expect(result.state).toBe('pass');
    expect(asked.map(([{ host }]) => host)).toEqual(['example.okta.com', 'example.okta.com']);
  });
});

test('B11: reports where the metadata redirects', async () => {
  const result = await checkMetadataReachable(context(() => redirectTo('/login/login.htm?fromURI=x')));
  expect(result).toMatchObject({ state: 'inconclusive', reason: 'couldNotAsk' });
  expect(result.evidence).toContainEqual({ name: 'redirectsTo', value: '/login/login.htm' });
});
