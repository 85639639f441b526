import { describe, expect, test, vi } from 'vitest';

import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checksOf } from '../../../../src/setup/checks.ts';
import { steps } from '../../../../src/setup/setupGuides.ts';
import type { SetupGuideId } from '../../../../src/setup/setupGuides.ts';
import { fail, inconclusive, pass } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { findingWords, reasons } from '../../../../src/shell/setup/setupFindings.ts';
import { fieldProblem, fieldsOf, fieldPrompt, fieldTitle } from '../../../../src/shell/setup/setupFields.ts';
import { consolePath } from '../../../../src/shell/setup/setupPaths.ts';
import { checkTitle, documentTitle, stepTitle } from '../../../../src/shell/setup/setupTitles.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const all = Object.keys(reasons) as (keyof typeof reasons)[];
const documents: readonly SetupGuideId[] = ['kiro', 'identityCenter'];
/** All that a sentence may name. */
const facts = {
  acceptedInstead: ['http://127.0.0.1:2128/oauth/callback'],
  claimedClientId: '0oa2',
  claimedIssuer: 'https://example.okta.com/oauth2/aus2',
  claimedScopes: ['openid'],
  dnsName: 'example.com',
  foundElsewhere: 'example.com.example.com',
  group: 'Developers',
  host: 'example.okta.com',
  missing: ['refresh_token'],
  missingInput: ['okta', 'scimToken', 'testSignIn'],
  blockedBy: ['okta.clientId', 'scim.endpoint'],
  namedIssuer: 'https://example.okta.com/oauth2/aus2',
  notKnown: ['http://localhost:2128/oauth/callback'],
  person: 'ana@example.com',
  portalRegion: 'us-east-1',
  region: 'eu-central-1',
  registered: ['http://localhost:4649/oauth/callback'],
  scopes: ['codewhisperer:completions'],
  status: 404,
  suggestedAddress: 'https://scim.eu-central-1.amazonaws.com/1/scim/v2',
} as const;

describe.each(all)('%s', (reason) => {
  const error = new SignInError('network', { host: 'example.okta.com', code: 'ENOTFOUND' });
  const whole = fail(reason, facts);

  test.each<CheckResult>([whole, { ...whole, error }])('is said in whole sentences (%#)', (finding) => {
    const { found, next } = findingWords(finding);
    for (const sentence of [found, ...(next === undefined ? [] : [next])]) {
      expect(sentence).not.toMatch(/\{\d\}|undefined|\[object/);
      // A sentence may end with the address that it is about.
      expect(sentence).toMatch(/\.$|https:\S+$/);
    }
    expect(found).toMatch(/^[\p{Lu}\d]|^example\.|^ana@/u);
  });

  test('says what to do, unless it is as it should be', () => {
    expect(findingWords(whole).next ?? '').not.toBe('');
  });
});

test('what is right needs no more words', () => {
  expect(findingWords(pass())).toEqual({ found: 'As it should be.' });
});

test('what could not be asked is said in the words of its error', () => {
  const error = new SignInError('timeout', { host: 'example.okta.com' });
  expect(findingWords(inconclusive('couldNotAsk', {}, error)).found).toContain('example.okta.com');
});

describe.each(documents)('%s', (document) => {
  test('has a title for itself, each step and each check', () => {
    const titles = [
      documentTitle(document),
      ...steps[document].map(stepTitle),
      ...checksOf[document].map(({ id }) => checkTitle(id)),
    ];
    for (const title of titles) expect(title).toMatch(/\w/);
  });

  test('says where to click for every check that a console decides', () => {
    const without = checksOf[document].filter(({ id }) => consolePath(id, document) === undefined);
    expect(without.map(({ id }) => id)).toEqual(
      document === 'kiro' ? ['okta.loopbackPorts'] : ['manual.suggestion'],
    );
  });

  test('asks for everything that its checks need', () => {
    const asked = new Set<string>([
      ...fieldsOf[document],
      'okta',
      'identityCenter',
      'metadataXml',
      'testSignIn',
    ]);
    const needed = checksOf[document].flatMap(({ needs }) => needs);
    expect(needed.filter((name) => !asked.has(name))).toEqual([]);
    for (const field of fieldsOf[document]) {
      expect(fieldTitle(field)).toMatch(/\w/);
      expect(fieldPrompt(field, document)).toMatch(/\.$/);
    }
  });
});

describe('a field', () => {
  test.each(fieldsOf.kiro)('%s may be left out', (field) => {
    expect(fieldProblem(field, '  ')).toBeUndefined();
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
  ] as const)('%s: %s is taken: %s', (field, text, isTaken) => {
    expect(fieldProblem(field, text) === undefined).toBe(isTaken);
  });

  test.each(['acsUrl', 'samlIssuerUrl', 'scimEndpoint', 'serviceUrl'] as const)(
    '%s takes no token that was meant for another, since it is remembered',
    (field) => {
      expect(fieldProblem(field, '4f6d1c0b-9a7e:ZmFrZVRva2VuMDEyMzQ1Njc4OQ')).toMatch(/no address/);
    },
  );
});
