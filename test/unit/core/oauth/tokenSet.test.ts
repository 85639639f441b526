import { describe, expect, test } from 'vitest';
import { lifetimeSeconds } from '../../../../src/core/oauth/tokenSet.ts';
import { january } from '../../fakes/examples.ts';

const anHour = 3600;
const aYear = 366 * 24 * 3600;

describe('lifetimeSeconds: the lifetime of a token', () => {
  test.each([
    ['a number', 900, 900],
    ['a fraction', 899.5, 899.5],
    ['digits in a string', '900', 900],
    ['a whole day', 86_400, 86_400],
    ['a year', aYear, aYear],
    ['more than a year', aYear + 1, aYear],
    ['a huge number', 1e300, aYear],
    ['twelve digits in a string', '999999999999', aYear],
    ['absent', undefined, anHour],
    ['null', null, anHour],
    ['zero', 0, anHour],
    ['zero in a string', '0', anHour],
    ['negative', -1.5, anHour],
    ['negative in a string', '-900', anHour],
    ['NaN', NaN, anHour],
    ['infinite', Infinity, anHour],
    ['words', 'an hour', anHour],
    ['an empty string', '', anHour],
    ['a number too long to be meant', '9'.repeat(400), anHour],
    ['an object', { seconds: 900 }, anHour],
    ['the moment of its end', january / 1000 + 900, 900],
    ['the moment of its end, in a string', String(january / 1000 + 900), 900],
    ['the moment of its end, in milliseconds', january + 900_000, 900],
    ['a moment that has passed, as by a clock that is wrong', january / 1000 - 900, anHour],
    ['a moment in ten years', january / 1000 + 10 * aYear, aYear],
    ['true', true, anHour],
  ])('given as %s', (_, given, seconds) => {
    expect(lifetimeSeconds(given, january)).toBe(seconds);
  });
});
