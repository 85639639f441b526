import { describe, expect, test } from 'vitest';
import { inconclusive, pass } from '../../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { outcomesOf } from '../../../../src/setup/checks/outcomes.ts';

const english = { t: (message: string) => message };

/** The result of a checklist line, given these check results. */
function stateOf(id: CheckId, results: readonly (readonly [CheckId, CheckResult])[]) {
  const all = new Map([...results, [id, inconclusive('byEye')] as const]);
  return outcomesOf('kiro', all, {}, english).find((one) => one.id === id)?.state;
}

describe('outcomesOf: a checklist line', () => {
  test('must be verified manually, unless every check for it passed', () => {
    const right = ['oktaApi.scimFeatures', pass()] as const;
    const effect = ['oktaApi.scimEffect', pass()] as const;
    expect(stateOf('manual.provisioning', [])).toBe('manual');
    expect(stateOf('manual.provisioning', [right])).toBe('manual');
    expect(stateOf('manual.provisioning', [right, effect])).toBe('passed');
    expect(stateOf('manual.subscriptions', [right, effect])).toBe('manual');
  });
});
