import { describe, expect, test } from 'vitest';
import { profileIn, splitHeader } from '../../../src/features/awsConfigHeader.ts';

describe('profileIn: F6: parses a header as the AWS CLI does', () => {
  test.each([
    ['default', 'default'],
    ["profile 'Acme Dev'", 'Acme Dev'],
    ['profile "Acme Dev"', 'Acme Dev'],
    ['profile   Acme\\ Dev ', 'Acme Dev'],
    ['profile\tacme', 'acme'],
    ['profile Acme Dev', undefined],
    [' profile acme', undefined],
    ["profile 'acme", undefined],
    ['profile', undefined],
    ['sso-session acme', undefined],
    [`profile ${'a'.repeat(2000)}`, undefined],
  ])('%j', (header, name) => {
    expect(profileIn(header)).toBe(name);
  });
});

describe('splitHeader', () => {
  test('splits words as a POSIX shell does', () => {
    expect(splitHeader(`sso-session "a b" c'd'`)).toEqual(['sso-session', 'a b', 'cd']);
    expect(splitHeader('sso-session "a')).toBeUndefined();
  });
});
