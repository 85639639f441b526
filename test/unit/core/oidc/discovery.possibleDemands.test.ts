import { describe, expect, test } from 'vitest';
import type { ClientDemand } from '../../../../src/core/oidc/authorizationServerRecord.ts';
import { possibleDemands } from '../../../../src/core/oidc/discovery.ts';

describe('possibleDemands', () => {
  test.each<readonly [string, object, readonly ClientDemand[]]>([
    ['none announced', { token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'] }, []],
    [
      'Microsoft Entra ID’s list',
      {
        token_endpoint_auth_methods_supported: [
          'client_secret_post',
          'private_key_jwt',
          'client_secret_basic',
        ],
      },
      ['clientSecret', 'privateKeyJwt'],
    ],
    [
      'a signed assertion alone',
      { token_endpoint_auth_methods_supported: ['private_key_jwt'] },
      ['privateKeyJwt'],
    ],
    [
      'certificates alone',
      { token_endpoint_auth_methods_supported: ['self_signed_tls_client_auth', 'tls_client_auth'] },
      ['clientCertificate'],
    ],
    ['no list at all', {}, ['clientSecret']],
    ['a list that is not one', { token_endpoint_auth_methods_supported: 'none' }, ['clientSecret']],
    [
      'none, and DPoP',
      { token_endpoint_auth_methods_supported: ['none'], dpop_signing_alg_values_supported: ['ES256'] },
      ['dpop'],
    ],
  ])('%s', (_what, metadata, demands) => {
    expect(possibleDemands(metadata)).toEqual(demands);
  });
});
