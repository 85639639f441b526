import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { fail, inconclusive, pass, warn } from '../../../../src/setup/checkResult.ts';
import type { CheckResult, CommonReason } from '../../../../src/setup/checkResult.ts';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import type { Check } from '../../../../src/setup/checks/index.ts';
import type { ConsolePage } from '../../../../src/setup/consolePages.ts';
import { commonEvidence } from '../../../../src/setup/commonEvidence.ts';
import { steps } from '../../../../src/setup/setupGuides.ts';
import {
  checkTitle,
  consolePath,
  evidenceLine,
  isExplained,
  guideTitle,
  ownerName,
  resultText,
  stateWord,
  stepTitle,
} from '../../../../src/shell/setup/checkTexts.ts';
import { l10n } from '../../fakes/vscode.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const guides = ['kiro', 'identityCenter', 'openIdConnect'] as const;
const all = guides.flatMap((guide) => checksOf[guide].map((check) => [guide, check.id, check] as const));
const withResults = all.filter(([, , { texts }]) => texts(l10n).results !== undefined);
const [[, , anyCheck]] = all as unknown as readonly [readonly [string, string, Check]];

/** A result of a check with all values that its sentences may use. */
function resultOf(check: Check, reason: string): CheckResult {
  const names = [...Object.keys(commonEvidence(l10n)), ...Object.keys(check.texts(l10n).evidence ?? {})];
  return fail(reason, Object.fromEntries(names.map((name) => [name, `Some ${name}`])));
}

describe.each(withResults)('resultText: %s: %s', (_guide, _id, check) => {
  test.each(Object.keys(check.texts(l10n).results ?? {}))('describes %s in complete sentences', (reason) => {
    const { found, next = '' } = resultText(check, resultOf(check, reason));
    for (const sentence of [found, next]) {
      expect(sentence).not.toMatch(/\{\d\}|undefined|\[object/);
      // A sentence may end with the address that it is about.
      expect(sentence).toMatch(/\.$|: Some \w+$/);
    }
    expect(found).toMatch(/^\p{Lu}/u);
  });

  test('uses only evidence that it has', () => {
    const t = vi.fn((message: string, ...values: readonly (string | number)[]) => {
      expect(values).not.toContain('');
      return message;
    });
    for (const [reason, text] of Object.entries(check.texts({ t }).results ?? {}))
      if (typeof text === 'function') text(resultOf(check, reason));
    expect(t).toHaveBeenCalled();
  });
});

describe('resultText', () => {
  test('needs no more text for a passed check', () => {
    expect(resultText(anyCheck, pass())).toEqual({ found: 'As expected.' });
  });

  test.each<CommonReason>([
    ...(['byEye', 'notGiven', 'blocked', 'couldNotAsk', 'tookTooLong', 'unclearAnswer'] as const),
    ...(['notSignedIn', 'signInFailed', 'signInNotCompleted', 'signInStopped'] as const),
    ...(['providerErrorPage', 'serviceErrorPage', 'notAssignedPage'] as const),
  ])('has sentences for %s of any check', (reason) => {
    const evidence = { missingInput: ['oktaClient', 'testSignIn'], blockedBy: ['okta.clientId'] };
    const { found, next } = resultText(anyCheck, inconclusive(reason, evidence));
    expect(found).toMatch(/^\p{Lu}.*\.$/u);
    expect(next).toMatch(/\.$/);
  });

  test('names what is missing, and what another check waits for', () => {
    const missing = inconclusive('notGiven', { missingInput: ['oktaClient', 'scimToken', 'testSignIn'] });
    expect(resultText(anyCheck, missing).found).toBe(
      'Missing input: Issuer and client ID, SCIM access token.',
    );
    expect(resultText(anyCheck, missing).next).toBe('Enter the missing values and turn on the test sign-in.');
    const blocked = inconclusive('blocked', { blockedBy: ['okta.clientId', 'saml.metadata'] });
    expect(resultText(anyCheck, blocked).found).toBe(
      'Depends on “Client ID”, “Saved metadata.xml”, which aren’t verified.',
    );
    const afterFailure = inconclusive('blocked', {
      blockedBy: ['okta.clientId', 'saml.metadata'],
      failedBefore: ['saml.metadata'],
    });
    expect(resultText(anyCheck, afterFailure)).toEqual({
      found: 'Depends on “Saved metadata.xml”, which failed.',
      next: 'Fix that first.',
    });
  });

  test('called a test sign-in that is off a missing value to enter', () => {
    expect(resultText(anyCheck, inconclusive('notGiven', { missingInput: ['testSignIn'] }))).toEqual({
      found: 'The test sign-in is off.',
      next: 'Turn on the test sign-in in the inputs, and run the check again.',
    });
  });

  test('said “Passed” alone of an address that was typed, as if Okta had it', () => {
    const check = checksOf.identityCenter.find(({ id }) => id === 'saml.issuerUrl') ?? anyCheck;
    const compared = pass({ region: 'eu-central-1', directory: 'd-996719544f' });
    expect(isExplained(check, compared)).toBe(true);
    expect(resultText(check, compared).found).toBe(
      'What you entered matches the start URL. This check doesn’t contact Okta.',
    );
    expect(resultText(check, pass({ region: 'eu-central-1' })).found).toBe(
      'What you entered is an issuer URL in eu-central-1. This check doesn’t contact Okta.',
    );
    expect(isExplained(anyCheck, pass())).toBe(false);
  });

  test.each(['couldNotAsk', 'signInFailed'])('describes %s with the message of its error', (reason) => {
    const error = new SignInError('timeout', { host: 'example.okta.com' });
    const { found, next } = resultText(anyCheck, inconclusive(reason, {}, error));
    expect(found).toContain('example.okta.com');
    expect(next).toMatch(/\w/);
  });
});

test('the path of a certificate that is to be replaced ended at View IdP metadata, and its end had no date', () => {
  const certificates = checksOf.identityCenter.find(({ id }) => id === 'saml.certificates') ?? anyCheck;
  const certificateEndsAt = Date.UTC(2026, 11, 9, 12);
  const text = resultText(certificates, warn('certificateEndsSoon', { certificateEndsAt, daysLeft: 10 }));
  expect(text.path).toMatch(/ > SAML Signing Certificates > Generate new certificate$/);
  expect(text.found).toBe('The signing certificate expires on Dec 9, 2026 (in 10 days).');
});

describe('evidenceLine', () => {
  const check = (id: string): Check => checksOf.kiro.find((one) => one.id === id) ?? anyCheck;

  test('has a name for all evidence of a check', () => {
    for (const [, , one] of all)
      for (const name of Object.keys(one.texts(l10n).evidence ?? {}))
        expect(evidenceLine(one, { name, value: 'x' })?.name).toMatch(/\w/);
  });

  test.each([
    ['okta.lifetimes', { name: 'accessTokenSeconds', value: 1790 }, 'Access token lifetime', ['30 min']],
    ['okta.lifetimes', { name: 'rotation', value: 'seen' }, 'Rotation', ['New refresh token on refresh']],
    ['okta.lifetimes', { name: 'rotation', value: 'no' }, 'Rotation', ['Same refresh token after refresh']],
    ['scim.person', { name: 'active', value: 'false' }, 'Active', ['No']],
    ['scim.token', { name: 'status', value: 401 }, 'HTTP status', ['401']],
    ['domain.txt', { name: 'foundRecords', value: ['a', 'b'] }, 'TXT records found', ['a', 'b']],
  ] as const)('of %s shows %o in a readable form', (id, evidence, name, values) => {
    expect(evidenceLine(check(id), evidence)).toEqual({ name, values });
  });

  test('formats a time in the language of the editor', () => {
    const tokenEndsAt = Date.UTC(2026, 0, 1, 12);
    const { values } = evidenceLine(check('scim.token'), { name: 'tokenEndsAt', value: tokenEndsAt }) ?? {};
    expect(values?.[0]).toMatch(/^Jan 1, 2026/);
  });

  test.each(['missingInput', 'blockedBy', 'failedBefore', 'daysLeft'])(
    'omits %s, which the sentence already contains',
    (name) => {
      expect(evidenceLine(anyCheck, { name, value: ['okta'] })).toBeUndefined();
    },
  );
});

describe.each(guides)('consolePath: %s', (guide) => {
  test('has a title for itself, each step and each check', () => {
    const titles = [guideTitle(guide), ...steps[guide].map(stepTitle), ...checksOf[guide].map(checkTitle)];
    for (const title of titles) expect(title).toMatch(/\w/);
  });

  test('gives the console path of every check that depends on a console', () => {
    const without = checksOf[guide].filter((check) => consolePath(check) === undefined);
    const everyone = {
      kiro: ['okta.loopbackPorts'],
      identityCenter: ['manual.suggestion'],
      // The console of other providers is unknown.
      openIdConnect: checksOf.openIdConnect.map(({ id }) => id),
    };
    expect(without.map(({ id }) => id)).toEqual(everyone[guide]);
  });

  test('named the AWS console under the Okta administrator, or had no link to the page that it names', () => {
    const consoles = {
      oktaAdministrator: /^Okta Admin Console > /,
      awsAdministrator: /^(?:AWS|Kiro) console > /,
      dnsAdministrator: /^Your DNS provider > /,
      identityAdministrator: /^$/,
      you: /^$/,
    };
    const pages: Readonly<Record<ConsolePage, RegExp>> = {
      oktaApplications: / > Applications > Applications > /,
      oktaApplication: / > your OIDC application > General/,
      oktaAssignments: / > Assignments/,
      oktaAuthorizationServer: / > Security > API > Authorization Servers > /,
      oktaPeople: / > Directory > People$/,
      oktaGroups: / > Directory > Groups$/,
      oktaAuthenticationPolicies: / > Security > Authentication Policies$/,
      oktaSystemLog: / > Reports > System Log$/,
      // Without an Identity Center instance, as in the guide for Kiro, it has no address.
      awsConsole: guide === 'kiro' ? /^Kiro console > / : /^AWS console > IAM Identity Center > /,
      awsHome: guide === 'kiro' ? /^Kiro console > / : /^AWS console > the console of the service > /,
    };
    for (const check of checksOf[guide]) {
      const path = consolePath(check);
      if (path === undefined) continue;
      expect(`${check.owner}: ${path}`).toMatch(
        new RegExp(`^${check.owner}: ${consoles[check.owner].source.replace('^', '')}`),
      );
      if (check.page !== undefined)
        expect([check.id, path]).toEqual([check.id, expect.stringMatching(pages[check.page])]);
      else expect(path).toMatch(/^(?:Kiro console|Your DNS provider) > /);
    }
  });

  test('gives the path in the console of its own service', () => {
    const other =
      guide === 'kiro' ? /AWS console|IAM Identity Center application/ : /Kiro|your SAML application/;
    expect(
      checksOf[guide].map((check) => consolePath(check) ?? '').filter((path) => other.test(path)),
    ).toEqual([]);
  });
});

test("stateWord and ownerName match the report's texts", () => {
  expect((['pass', 'warning', 'fail', 'inconclusive'] as const).map(stateWord)).toEqual([
    ...['Passed', 'Warning', 'Failed', 'Not verified'],
  ]);
  const owners = [
    ...['oktaAdministrator', 'awsAdministrator', 'dnsAdministrator', 'identityAdministrator', 'you'],
  ] as const;
  expect(new Set(owners.map(ownerName)).size).toBe(owners.length);
});
