import { describe, expect, test } from 'vitest';
import { createSsoOidcAt } from '../../../../src/adapters/node/awsSsoOidc.ts';
import { environments, inEnvironment, requestsOf, sdkConfiguration } from '../../fakes/sdkConfiguration.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe("createSsoOidcAt: F1: this machine's configuration does not affect the AWS client's requests", () => {
  test('uses the names of the installed SDK', async () => {
    const { variables, keys } = await sdkConfiguration();
    expect(variables).toEqual(
      expect.arrayContaining([
        'AWS_USE_FIPS_ENDPOINT',
        'AWS_USE_DUALSTACK_ENDPOINT',
        'AWS_ENDPOINT_URL',
        'AWS_PROFILE',
      ]),
    );
    expect(keys).toEqual(
      expect.arrayContaining(['use_fips_endpoint', 'defaults_mode', 'endpoint_url', 'services']),
    );
  });

  test('sends the same requests, once each', async () => {
    const expected = await requestsOf(createSsoOidcAt);
    expect(expected.map(({ url }) => url)).toEqual(
      ['client/register', 'device_authorization', 'token', 'token'].map(
        (path) => `https://oidc.eu-central-1.amazonaws.com/${path}`,
      ),
    );
    const different: unknown[] = [];
    for await (const environment of environments()) {
      const sent = await inEnvironment(environment, () => requestsOf(createSsoOidcAt)).catch(String);
      if (JSON.stringify(sent) !== JSON.stringify(expected)) different.push([environment, sent]);
    }
    expect(different).toEqual([]);
  });
});

describe('createSsoOidcAt: F1: a configuration that prevents requests', () => {
  test('is a configuration error, not a server response', async () => {
    const oidc = createSsoOidcAt(() => Promise.reject(new Error('not asked')))({
      region: 'not a region',
      url: 'https://oidc.eu-central-1.amazonaws.com',
    });
    const refused = oidc.createToken(
      { clientId: 'client-1', clientSecret: 'secret-1', grantType: 'refresh_token' },
      new AbortController().signal,
    );
    expect(await rejectionOf(refused)).toMatchObject({
      kind: 'configuration',
      details: { operation: 'createToken', host: 'oidc.eu-central-1.amazonaws.com' },
    });
  });
});
