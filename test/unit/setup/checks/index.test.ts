import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { english } from '../../../../src/setup/translator.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { checksOf, checksToRepeat, isProven } from '../../../../src/setup/checks/index.ts';
import { steps } from '../../../../src/setup/setupGuides.ts';
import { fail, inconclusive, pass, warn } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { projectRoot } from '../../../tools/lib/paths.ts';

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

    test('never wait for each other, neither to run nor to name the check that is the cause', () => {
      const waitsFor = (id: CheckId): readonly CheckId[] => {
        expect(ids).toContain(id);
        const { after = [], unlessFailed = [], run } = checks.find((check) => check.id === id) ?? {};
        const named = blockersIn(run?.toString() ?? '').filter((one) => ids.includes(one));
        return [...after, ...unlessFailed, ...named];
      };
      const circleFrom = (id: CheckId, path: readonly CheckId[] = []): readonly CheckId[] | undefined =>
        path.includes(id)
          ? [...path, id]
          : waitsFor(id)
              .map((one) => circleFrom(one, [...path, id]))
              .find((circle) => circle !== undefined);
      expect(ids.map((id) => circleFrom(id)).filter((circle) => circle !== undefined)).toEqual([]);
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

/** The checks that code names as the cause of a result. */
function blockersIn(code: string): readonly CheckId[] {
  return [...code.matchAll(/blockedBy: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/["']([\w.]+)["']/g)].flatMap(([, id]) => (id ?? []) as CheckId),
  );
}

test('every check that a result names as its cause exists', () => {
  const folder = join(projectRoot, 'src/setup');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const named = files.flatMap((name) => blockersIn(readFileSync(join(folder, name), 'utf8')));
  const all = new Set(Object.values(checksOf).flatMap((checks) => checks.map(({ id }) => id)));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((id) => !all.has(id))).toEqual([]);
});

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
