import { describe, expect, test } from 'vitest';
import { warn } from '../../../src/setup/checkResult.ts';
import { daysLeft, dateText } from '../../../src/setup/dateText.ts';
import { l10n } from '../fakes/vscode.ts';

const tokenEndsAt = Date.UTC(2026, 11, 9, 12);

describe('dateText: the day of expiry', () => {
  test.each([
    ['in ten days', Date.UTC(2026, 10, 29, 11), 'Dec 9, 2026 (in 10 days)'],
    ['tomorrow', Date.UTC(2026, 11, 8, 12), 'Dec 9, 2026 (tomorrow)'],
    ['today', Date.UTC(2026, 11, 9, 1), 'Dec 9, 2026 (today)'],
  ])('that is %s', (_, now, text) => {
    const result = warn('tokenEndsSoon', { tokenEndsAt, daysLeft: daysLeft(tokenEndsAt, now) });
    expect(dateText(l10n, result, 'tokenEndsAt')).toBe(text);
  });

  test('is in the language of the editor', () => {
    const result = warn('tokenEndsSoon', { tokenEndsAt, daysLeft: 10 });
    expect(dateText({ t: String, language: 'de' }, result, 'tokenEndsAt')).toBe('09.12.2026 (in 10 Tagen)');
  });

  test('has no distance if it is unknown', () => {
    expect(dateText(l10n, warn('tokenEndsSoon', { tokenEndsAt }), 'tokenEndsAt')).toBe('Dec 9, 2026');
  });
});
