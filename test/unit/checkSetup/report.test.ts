import { describe, expect, test } from 'vitest';
import { exitCodeOf, reportOf } from '../../../src/checkSetup/report.ts';
import type { CheckOutcome, OutcomeState } from '../../../src/setup/checks/outcomes.ts';

const outcome = (state: OutcomeState, missing: readonly string[] = []): CheckOutcome => ({
  id: 'okta.token',
  step: 'kiro.tokenPreview',
  stepTitle: 'Sign-in',
  title: 'Access token',
  owner: 'oktaAdministrator',
  state,
  evidence: missing.length === 0 ? [] : [{ name: 'missingInput', label: 'Missing', value: missing }],
});
const codes = (...checks: readonly CheckOutcome[]): readonly number[] =>
  [false, true].map((isStrict) => exitCodeOf(reportOf('kiro', checks, 0), isStrict));

describe('exitCodeOf', () => {
  test.each<[string, readonly CheckOutcome[], readonly number[]]>([
    ['nothing failed', [outcome('passed'), outcome('warning'), outcome('manual')], [0, 0]],
    ['a check failed', [outcome('passed'), outcome('failed')], [1, 1]],
    ['a check is not verified', [outcome('notVerified')], [0, 1]],
    ['an input is missing', [outcome('notVerified', ['scimToken'])], [0, 1]],
  ])('%s', (_what, checks, expected) => {
    expect(codes(...checks)).toEqual(expected);
  });

  test('--strict leaves out what needs a test sign-in, which only the editor makes', () => {
    expect(codes(outcome('passed'), outcome('notVerified', ['testSignIn']))).toEqual([0, 0]);
    expect(codes(outcome('notVerified', ['serviceUrl', 'testSignIn']))).toEqual([0, 0]);
  });
});
