import { describe, expect, test } from 'vitest';
import {
  checkSamlApplication,
  checkSamlMetadata,
  checkSignOn,
} from '../../../../src/setup/checks/samlMetadata.ts';
import { day, january } from '../../fakes/examples.ts';
import { post, savedMetadata } from '../../fakes/samlMetadata.ts';

test.each([
  [january - 1, 'metadataExpired'],
  [january + day, undefined],
  [undefined, undefined],
])('F14: metadata that is valid until %s: %s', async (validUntil, reason) => {
  const result = await checkSamlMetadata(savedMetadata(validUntil === undefined ? {} : { validUntil }));
  expect([result.state, result.reason]).toEqual([reason === undefined ? 'pass' : 'warning', reason]);
});

test('A8: only SAML 1.1 fails', async () => {
  expect((await checkSamlMetadata(savedMetadata({ isSaml2: false }))).reason).toBe('olderSaml');
});

describe('checkSignOn: the sign-on URL', () => {
  const at = (url: string, binding = post) => checkSignOn(savedMetadata({ signOn: [{ binding, url }] }));

  test.each([
    ['https://example.okta.com/sso', undefined],
    ['http://example.okta.com/sso', 'signOnNotHttps'],
    ['javascript:alert(1)', 'signOnNotHttps'],
    ['not an address', 'signOnNotHttps'],
  ])('%s: %s', async (url, reason) => {
    expect((await at(url)).reason).toBe(reason);
  });

  test('with an unsupported binding, or missing', async () => {
    const soap = 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP';
    expect((await at('https://example.okta.com/sso', soap)).reason).toBe('signOnBinding');
    expect((await checkSignOn(savedMetadata({ signOn: [] }))).reason).toBe('noSignOnUrl');
  });
});

describe('checkSamlApplication: A2: the metadata is of the AWS IAM Identity Center application', () => {
  const signOnAt = (path: string, entityId = 'http://www.okta.com/exkAbc1', host = 'example.okta.com') =>
    checkSamlApplication(
      savedMetadata({ entityId, signOn: [{ binding: post, url: `https://${host}${path}` }] }),
    );

  test.each([
    ['/app/amazon_aws_sso/exkAbc1/sso/saml', 'pass', undefined],
    ['/app/amazon_aws/exkAbc1/sso/saml', 'fail', 'mistakenApplication'],
    ['/app/example_kirosaml_1/exkAbc1/sso/saml', 'fail', 'otherApplication'],
    ['/app/amazon_aws_sso/exkAbc2/sso/saml', 'fail', 'applicationIdDiffers'],
    ['/app/exkAbc1/sso/saml', 'inconclusive', 'applicationUnknown'],
    // Applications from before Okta's IDs started with exk are Okta's too.
    ['/app/example_intranet_1/k2lvtem0VAJDMINKEYJW/sso/saml', 'fail', 'otherApplication'],
    ['/sso/saml2/0oa1', 'inconclusive', 'applicationUnknown'],
  ])('%s is %s: %s', async (path, state, reason) => {
    const result = await signOnAt(path);
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('sign-on URLs of two applications in one file passed', async () => {
    const urlOf = (key: string, id: string) => `https://example.okta.com/app/${key}/${id}/sso/saml`;
    const signOn = [urlOf('amazon_aws_sso', 'exkAbc1'), urlOf('amazon_aws', 'exkAbc2')].map((url) => ({
      binding: post,
      url,
    }));
    const result = await checkSamlApplication(
      savedMetadata({ entityId: 'http://www.okta.com/exkAbc1', signOn }),
    );
    expect(result).toMatchObject({ state: 'fail', reason: 'applicationIdDiffers' });
  });

  test('an entity ID without the application’s ID passed unseen', async () => {
    const result = await signOnAt('/app/amazon_aws_sso/exkAbc1/sso/saml', 'https://example.okta.com');
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'applicationUnknown' });
  });

  test('names the other application', async () => {
    const { evidence } = await signOnAt('/app/amazon_aws/exkAbc1/sso/saml');
    expect(evidence).toContainEqual({ name: 'application', value: 'AWS Account Federation' });
  });

  test('a custom domain of the organization counts as Okta’s', async () => {
    const path = '/app/amazon_aws_sso/exkAbc1/sso/saml';
    expect((await signOnAt(path, undefined, 'login.example.com')).state).toBe('pass');
  });

  test.each([
    [
      'https://accounts.google.com/o/saml2/idp?idpid=C01',
      'https://accounts.google.com/o/saml2?idpid=C01',
      'Google Workspace',
    ],
    [
      'https://app.onelogin.com/saml/metadata/1',
      'https://example.onelogin.com/trust/saml2/http-post/sso/1',
      'OneLogin',
    ],
    ['https://sts.windows.net/1/', 'https://login.microsoftonline.com/1/saml2', 'Microsoft Entra ID'],
    ['https://idp.example.edu/idp/shibboleth', 'https://idp.example.edu/sso', 'Shibboleth'],
    ['https://idp.example.edu/x', 'https://idp.example.edu/saml2/idp/SSOService.php', 'SimpleSAMLphp'],
    ['https://am.example.com/am', 'https://am.example.com/am/SSORedirect/metaAlias/idp', 'OpenAM'],
  ])('%s is not Okta', async (entityId, url, provider) => {
    const result = await checkSamlApplication(savedMetadata({ entityId, signOn: [{ binding: post, url }] }));
    expect(result).toMatchObject({ state: 'fail', reason: 'otherProvider' });
    expect(result.evidence).toContainEqual({ name: 'provider', value: provider });
  });

  test('an unknown one is not Okta either', async () => {
    const signOn = [{ binding: post, url: 'https://idp.example.edu/sso' }];
    const result = await checkSamlApplication(
      savedMetadata({ entityId: 'https://idp.example.edu/saml', signOn }),
    );
    expect(result).toMatchObject({ state: 'fail', reason: 'notOkta' });
  });
});
