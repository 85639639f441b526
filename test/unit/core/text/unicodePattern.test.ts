import { describe, expect, test } from 'vitest';
import { unicodePattern } from '../../../../src/core/text/unicodePattern.ts';

describe('unicodePattern', () => {
  test('the expression is not parsed before its first use', () => {
    const broken = unicodePattern('[');
    expect(broken).toThrow(SyntaxError);
  });

  test('the expression is created once', () => {
    const letter = unicodePattern(String.raw`\p{L}`);
    expect(letter()).toBe(letter());
    expect(letter().flags).toBe('u');
    expect([letter().test('é'), letter().test('1')]).toEqual([true, false]);
  });

  test('a global expression replaces all matches', () => {
    const digits = unicodePattern(String.raw`\p{N}+`, 'gu');
    expect('a1b22'.replace(digits(), '')).toBe('ab');
  });
});
