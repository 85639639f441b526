import { expect, test } from 'vitest';
import { ownRedirectPath } from '../../../src/core/oidc/redirectUri.ts';
import { redirectUrisFor } from '../../../src/features/redirectUris.ts';

const okta = 'https://example.okta.com/oauth2/aus1a2b3c4d5';
const custom = 'https://login.example.com/oauth2/aus1a2b3c4d5';

test('redirectUrisFor: an administrator registers the shared URIs at Okta, and the safer ones first elsewhere', async () => {
  expect(await redirectUrisFor(okta, [2128])).toEqual(['http://localhost:2128/oauth/callback']);
  expect(await redirectUrisFor(custom, [2128, 4649])).toEqual([
    `http://localhost:2128${await ownRedirectPath(custom)}`,
    `http://localhost:4649${await ownRedirectPath(custom)}`,
    'http://localhost:2128/oauth/callback',
    'http://localhost:4649/oauth/callback',
  ]);
});
