import { describe, expect, test, vi } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { fieldsOf } from '../../../../src/setup/fields.ts';
import { fieldProblem, fieldPrompt, fieldTitle } from '../../../../src/shell/setup/setupFields.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe.each(['kiro', 'identityCenter', 'openIdConnect'] as const)(
  'fieldTitle: the fields of %s',
  (guide) => {
    test('cover everything that its checks need', () => {
      const asked = new Set<string>([
        ...fieldsOf(guide),
        'oktaClient',
        'accessPortal',
        'oidcClient',
        'metadataXml',
        'testSignIn',
        ...(fieldsOf(guide).includes('oktaApiToken') ? ['oktaApi'] : []),
      ]);
      const needed = checksOf[guide].flatMap(({ needs }) => needs);
      expect(needed.filter((name) => !asked.has(name))).toEqual([]);
    });

    test.each(fieldsOf(guide))('%s has a title, and says where to find it', (field) => {
      expect(fieldTitle(field)).toMatch(/\w/);
      expect(fieldPrompt(field, guide)).toMatch(/\.$/);
    });
  },
);

describe('fieldProblem: an input', () => {
  test.each(fieldsOf('kiro'))('%s can be empty', (field) => {
    expect(fieldProblem(field, '  ', 'kiro')).toBeUndefined();
  });

  test.each([
    ['issuer', 'https://example.okta.com/oauth2/aus1/.well-known/oauth-authorization-server', true],
    ['issuer', 'http://example.okta.com', true],
    ['issuer', 'ftp://example.okta.com', false],
    ['clientId', '0oa1b2c3d4E5f6G7h8i9', true],
    ['clientId', 'https://example.okta.com', false],
    ['startUrl', 'd-1234567890.awsapps.com/start', true],
    ['startUrl', 'https://console.aws.amazon.com/', false],
    ['region', ' eu-central-1 ', true],
    ['region', 'Frankfurt', false],
    ['scimEndpoint', 'https://scim.us-east-1.amazonaws.com/1/scim/v2/', true],
    ['scimToken', 'abc', true],
    ['scimToken', 'https://scim.us-east-1.amazonaws.com/1/scim/v2', false],
    ['scimToken', '“abc”', true],
    ['scimToken', 'abc\u200bdef', false],
    ['scimEndpoint', 'https://scim.us-east-1.amazonaws.com/1/scim/v2\u200b', true],
    ['scimEndpoint', 'https://scim.us-east-1.amazonaws.com/\u200b1/scim/v2', false],
    ['domain', 'example.com', true],
    ['domain', 'münchen.example', true],
    ['domain', 'exam ple', false],
    ['verificationToken', 'abc\u200b', true],
    ['verificationToken', 'a\u200bc', false],
  ] as const)('%s: %s accepted: %s', (field, text, isTaken) => {
    expect(fieldProblem(field, text, 'kiro') === undefined).toBe(isTaken);
  });

  test('the issuer of any provider has no Okta example', () => {
    expect(fieldProblem('issuer', 'a page', 'openIdConnect')).toMatch(
      /such as https:\/\/login\.example\.com\.$/,
    );
    expect(fieldProblem('issuer', 'a page', 'kiro')).toMatch(/okta\.com/);
  });

  test.each(['acsUrl', 'samlIssuerUrl', 'scimEndpoint', 'serviceUrl'] as const)(
    '%s rejects a token meant for another field, since it is remembered',
    (field) => {
      expect(fieldProblem(field, '4f6d1c0b-9a7e:ZmFrZVRva2VuMDEyMzQ1Njc4OQ', 'kiro')).toMatch(/valid URL/);
    },
  );

  test.each([
    ['scimEndpoint', 'https://scim.us-east-1.amazonaws.com/1/scim/v2?token=abc', false],
    ['serviceUrl', 'https://service.example/completions?api_key=abc', false],
    ['serviceUrl', 'https://service.example/completions?access_token=abc', false],
    ['serviceUrl', 'https://service.example/completions?maxResults=1', true],
  ] as const)(
    'B11: %s rejects a secret in an address, since it is remembered: %s',
    (field, text, isTaken) => {
      expect(fieldProblem(field, text, 'kiro') === undefined).toBe(isTaken);
    },
  );
});
