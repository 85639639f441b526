import { describe, expect, test } from 'vitest';
import { organizationOf } from '../../../src/setup/oktaOrganization.ts';

const signOn = (host: string) => `Location="https://${host}/app/amazon_aws_sso/exk1b2c3d4/sso/saml"`;

describe('organizationOf', () => {
  test.each([
    [signOn('example.okta.com'), 'example.okta.com'],
    [`<!-- ${signOn('other.okta.com')} --><md ${signOn('example.okta.com')}/>`, 'example.okta.com'],
    [`<md/><!-- ${signOn('other.okta.com')} -->`, undefined],
    [`<!-- ${signOn('other.okta.com')}`, undefined],
    [signOn('example.okta.com.evil.example'), undefined],
    ['', undefined],
  ])('sends no credential to a host found only in a comment of the metadata: %s', (metadataXml, host) => {
    expect(organizationOf({ metadataXml })?.host).toBe(host);
  });
});
