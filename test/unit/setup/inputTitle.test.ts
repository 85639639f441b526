import { expect, test } from 'vitest';
import { inputTitle } from '../../../src/setup/inputTitle.ts';
import { english } from '../../../src/setup/translator.ts';

test.each([
  ['oktaClient', 'Issuer and client ID'],
  ['oidcClient', 'Issuer and client ID'],
  ['accessPortal', 'Start URL and Region'],
  ['testSignIn', 'Test sign-in'],
  ['oktaApi', 'Read-only Okta API token, or a service app'],
  ['metadataXml', 'Saved metadata.xml'],
  ['confirmedScimHost', 'SCIM endpoint'],
  ['scimEndpoint', 'SCIM endpoint'],
] as const)('inputTitle of %s: %s', (name, title) => {
  expect(inputTitle(english, name)).toBe(title);
});
