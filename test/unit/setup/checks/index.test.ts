import { describe, expect, test } from 'vitest';
import { english } from '../../../../src/setup/translator.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { checksOf, checksToRepeat, isProven } from '../../../../src/setup/checks/index.ts';
import { steps } from '../../../../src/setup/setupGuides.ts';
import { fail, inconclusive, pass, warn } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';

describe.each(['kiro', 'identityCenter', 'openIdConnect'] as const)(
  'checksToRepeat: the checks of %s',
  (document) => {
    const checks = checksOf[document];
    const ids = checks.map(({ id }) => id);

    test('each occur once, and at a step of the guide', () => {
      expect(new Set(ids).size).toBe(ids.length);
      expect(checks.filter(({ step }) => !steps[document].includes(step))).toEqual([]);
    });

    test('cover every step of the guide', () => {
      expect(steps[document].filter((step) => !checks.some((check) => check.step === step))).toEqual([]);
    });

    test('depend only on existing checks, and never on themselves', () => {
      const before = (id: CheckId, depth = 0): CheckId[] => {
        expect(depth).toBeLessThan(10);
        expect(ids).toContain(id);
        const { after = [], unlessFailed = [] } = checks.find((check) => check.id === id) ?? {};
        return [...after, ...unlessFailed].flatMap((one) => [one, ...before(one, depth + 1)]);
      };
      for (const id of ids) expect(before(id)).not.toContain(id);
    });

    test('run despite tolerated failures of a check that they depend on', () => {
      for (const { after = [], unlessFailed = [], despite = {} } of checks)
        for (const [id, reasons] of Object.entries(despite)) {
          const before = checks.find((check) => check.id === id);
          if (before === undefined) continue;
          expect([...after, ...unlessFailed]).toContain(id);
          expect([...Object.keys(before.texts(english).results ?? {}), 'couldNotAsk']).toEqual(
            expect.arrayContaining([...reasons]),
          );
        }
    });

    test('state for every checklist line that nothing runs for it', () => {
      for (const { id, run, needs } of checks) {
        expect(id.startsWith('manual.')).toBe(run === undefined);
        if (run === undefined) expect(needs).toEqual([]);
      }
    });
  },
);

describe('checksToRepeat: a repeated check', () => {
  const repeated = (
    found: Readonly<Partial<Record<CheckId, CheckResult>>>,
    id: CheckId,
  ): readonly CheckId[] => {
    const all = new Map(checksOf.kiro.map((check) => [check.id, found[check.id] ?? pass()]));
    return checksToRepeat(checksOf.kiro, all, id).map((check) => check.id);
  };
  const blocked = inconclusive('blocked');

  test('runs alone if nothing depends on it, or everything passed', () => {
    expect(repeated({}, 'domain.txt')).toEqual(['domain.txt']);
    expect(repeated({}, 'okta.clientId')).toEqual(['okta.clientId']);
  });

  test('includes checks that it blocked', () => {
    expect(
      repeated(
        { 'scim.endpoint': fail('trailingSlash'), 'scim.token': blocked, 'scim.read': blocked },
        'scim.endpoint',
      ),
    ).toEqual(['scim.endpoint', 'scim.token', 'scim.read']);
  });

  test('includes checks that block it', () => {
    expect(
      repeated({ 'okta.metadata': inconclusive('couldNotAsk'), 'okta.announced': blocked }, 'okta.announced'),
    ).toEqual(['okta.metadata', 'okta.announced']);
  });

  test('that signs in includes all checks that need a sign-in', () => {
    const missing = inconclusive('notGiven', { missingInput: ['testSignIn'] });
    const found = {
      'okta.assignments': fail('notAssigned'),
      'okta.signIn': inconclusive('couldNotAsk'),
      'okta.token': missing,
      'okta.refreshToken': missing,
      'okta.lifetimes': missing,
      'service.answer': missing,
      'scim.token': inconclusive('notGiven'),
    } as const;
    expect(repeated(found, 'okta.assignments').toSorted()).toEqual(
      [
        ...['okta.assignments', 'okta.signIn', 'okta.token', 'okta.refreshToken', 'okta.lifetimes'],
        'service.answer',
      ].toSorted(),
    );
  });

  test('does not sign in again if the user has signed in', () => {
    expect(repeated({ 'okta.redirectUris': fail('redirectUrisMissing') }, 'okta.redirectUris')).toEqual([
      'okta.redirectUris',
    ]);
  });
});

test('a test sign-in that failed led to where a token is previewed', () => {
  const row = checksOf.kiro.find(({ id }) => id === 'okta.signIn');
  expect([row?.page, row?.texts(english).path]).toEqual([
    'oktaAssignments',
    expect.stringMatching(/your OIDC application > Assignments$/),
  ]);
});

describe('isProven', () => {
  test('a warning does not complete a manual line: a service open to everyone does not show groups', () => {
    const line = checksOf.identityCenter.find(({ id }) => id === 'manual.serviceGroups');
    if (line === undefined) throw new Error('The check was renamed.');
    expect(isProven(line, () => pass())).toBe(true);
    expect(isProven(line, () => warn('openToEveryone'))).toBe(false);
    expect(isProven(line, () => undefined)).toBe(false);
  });
});
