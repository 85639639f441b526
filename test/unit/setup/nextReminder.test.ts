import { describe, expect, test } from 'vitest';
import { writeSubjects } from '../../../src/setup/expirations.ts';
import type { Expiration } from '../../../src/setup/expirations.ts';
import { nextReminderAt } from '../../../src/setup/nextReminder.ts';
import { day, january } from '../fakes/examples.ts';

const token: Expiration = { what: 'scimToken', endsAt: january + 200 * day, seenBy: 'scim.token', said: 1 };
const stored = (...expirations: Expiration[]) =>
  writeSubjects([{ key: 'kiro a', name: 'Work', isConnection: true, expirations }]);

describe('nextReminderAt', () => {
  test('is the earliest time of any reminder', () => {
    expect(nextReminderAt(stored(token, { ...token, what: 'metadata', said: 3 }))).toBe(january + 170 * day);
  });

  test.each([
    ['the text is missing', undefined],
    ['nothing ends', stored()],
    ['a person wants none', stored({ ...token, isMuted: true })],
    ['the text is of a later version', stored(token).replace('"version":1', '"version":2')],
    ['the text is cut off', stored(token).slice(0, -20)],
  ])('is never if %s', (_, text) => {
    expect(nextReminderAt(text)).toBeUndefined();
  });
});
