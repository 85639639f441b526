import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { textOf } from '../../../../src/setup/checks/resultTexts.ts';
import { inconclusive } from '../../../../src/setup/checkResult.ts';
import { english } from '../../../../src/setup/translator.ts';

describe('textOf', () => {
  const [check] = checksOf.kiro;
  const blocked = (blockedBy: readonly string[]) => {
    if (check === undefined) throw new Error('The guide has no check.');
    const result = inconclusive('blocked', { blockedBy, failedBefore: [] });
    return textOf(check, result, english, () => ({ found: '', next: '' }));
  };

  test('uses the plural for several checks that one waits for', () => {
    expect(blocked(['scim.token'])).toEqual({
      found: 'Depends on “SCIM access token”, which isn’t verified.',
      next: 'Open that check to see why.',
    });
    expect(blocked(['scim.token', 'scim.read'])).toEqual({
      found: 'Depends on “SCIM access token”, “People can be looked up”, which aren’t verified.',
      next: 'Open those checks to see why.',
    });
  });
});
