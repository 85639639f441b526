import { describe, expect, test } from 'vitest';
import { countsText, headlineText } from '../../../src/setup/countsText.ts';
import { english } from '../../../src/setup/translator.ts';

const none = { pass: 0, warning: 0, fail: 0, inconclusive: 0 };

describe('countsText', () => {
  test('starts with what needs action, and omits zeros', () => {
    expect(countsText(english, { pass: 4, warning: 3, fail: 2, inconclusive: 1 }, 5, 6)).toBe(
      '2 failed · 3 with a warning · 1 not verified · 5 to verify manually · 6 verified manually · 4 passed',
    );
    expect(countsText(english, { ...none, pass: 1 })).toBe('1 passed');
    expect(countsText(english, none)).toBe('');
  });
});

describe('headlineText', () => {
  test('says that nothing is wrong only if something was checked and nothing failed', () => {
    expect(headlineText(english, { ...none, pass: 12, inconclusive: 7 })).toBe(
      'No problems found in what was checked (12 of 19)',
    );
    for (const counts of [none, { ...none, pass: 9, fail: 1 }, { ...none, pass: 9, warning: 1 }])
      expect(headlineText(english, counts)).toBeUndefined();
  });
});
