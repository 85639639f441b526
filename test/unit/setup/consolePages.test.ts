import { describe, expect, test } from 'vitest';
import { consoleUrl } from '../../../src/setup/consolePages.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import { oktaConnection } from '../fakes/examples.ts';

const okta = (issuer: string, clientId = '0oa1b2c3d4E5f6G7h8i9'): SetupInputs => ({
  oktaClient: { ...oktaConnection, issuer, clientId },
});
const aws = (region: string): SetupInputs => ({
  accessPortal: {
    type: 'identityCenter',
    name: 'x',
    startUrl: 'https://d-1234567890.awsapps.com/start',
    region,
  },
});

describe('consoleUrl: the page of the Okta Admin Console', () => {
  test.each([
    [
      'oktaApplication',
      'https://example-admin.okta.com/admin/app/oidc_client/instance/0oa1b2c3d4E5f6G7h8i9/#tab-general',
    ],
    [
      'oktaAssignments',
      'https://example-admin.okta.com/admin/app/oidc_client/instance/0oa1b2c3d4E5f6G7h8i9/#tab-assignments',
    ],
    ['oktaAuthorizationServer', 'https://example-admin.okta.com/admin/oauth2/as/aus1a2b3c4d5'],
    ['oktaApplications', 'https://example-admin.okta.com/admin/apps/active'],
    ['oktaPeople', 'https://example-admin.okta.com/admin/users'],
    ['oktaGroups', 'https://example-admin.okta.com/admin/groups'],
    ['oktaAuthenticationPolicies', 'https://example-admin.okta.com/admin/authn/authentication-policies'],
    ['oktaSystemLog', 'https://example-admin.okta.com/report/system_log_2'],
  ] as const)('%s', (page, url) => {
    expect(consoleUrl(page, okta('https://example.okta.com/oauth2/aus1a2b3c4d5'))).toBe(url);
  });

  test.each([
    [
      'https://example.oktapreview.com/oauth2/aus1',
      'https://example-admin.oktapreview.com/admin/oauth2/as/aus1',
    ],
    ['https://example.okta-emea.com', 'https://example-admin.okta-emea.com/admin/oauth2/as'],
    ['https://example.okta-gov.com', 'https://example-admin.okta-gov.com/admin/oauth2/as'],
    ['https://example.okta.mil', 'https://example-admin.okta.mil/admin/oauth2/as'],
    [
      'https://example-admin.okta.com/admin/oauth2/as/aus1',
      'https://example-admin.okta.com/admin/oauth2/as/aus1',
    ],
    ['https://example.okta.com', 'https://example-admin.okta.com/admin/oauth2/as'],
    ['https://login.example.com/oauth2/aus1', undefined],
    ['https://a.workflows.okta.com/oauth2/aus1', undefined],
    ['https://example.okta.com.evil.example/oauth2/aus1', undefined],
    ['not an address', undefined],
  ])('of the issuer %s is %s', (issuer, url) => {
    expect(consoleUrl('oktaAuthorizationServer', okta(issuer))).toBe(url);
  });

  test('includes a client ID only as text', () => {
    const url = consoleUrl('oktaApplication', okta('https://example.okta.com/oauth2/aus1', 'a/../../b?c#d'));
    expect(url).toBe(
      'https://example-admin.okta.com/admin/app/oidc_client/instance/a%2F..%2F..%2Fb%3Fc%23d/#tab-general',
    );
  });

  test('is derived from the sign-on URL of the saved metadata', () => {
    const metadataXml = '<x Location="https://example.okta.com/app/amazon_aws_sso/exk1/sso/saml"/>';
    expect(consoleUrl('oktaApplications', { metadataXml })).toBe(
      'https://example-admin.okta.com/admin/apps/active',
    );
    const commented = `<!-- ${metadataXml.replace('example', 'former')} -->${metadataXml}`;
    expect(consoleUrl('oktaApplications', { metadataXml: commented })).toContain('//example-admin.');
    const other = metadataXml.replace('example.okta.com', 'idp.example.com');
    expect(consoleUrl('oktaApplications', { metadataXml: other })).toBeUndefined();
  });
});

describe('consoleUrl: the page of IAM Identity Center', () => {
  test.each([
    ['eu-central-1', 'https://eu-central-1.console.aws.amazon.com/singlesignon/home?region=eu-central-1'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/singlesignon/home?region=cn-north-1'],
    [
      'us-gov-west-1',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/singlesignon/home?region=us-gov-west-1',
    ],
    [
      'eusc-de-east-1',
      'https://eusc-de-east-1.console.amazonaws-eusc.eu/singlesignon/home?region=eusc-de-east-1',
    ],
    ['nowhere', undefined],
    ['us-iso-east-1', undefined],
  ])('in %s is %s', (region, url) => {
    expect(consoleUrl('awsConsole', aws(region))).toBe(url);
  });
});
