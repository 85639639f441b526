import { describe, expect, test } from 'vitest';
import { expiryWarningAt, isExpiryWarningDue } from '../../../src/features/expiryWarning.ts';
import { hour, january, oktaSession, tokenSet } from '../fakes/examples.ts';

const minute = 60_000;
const { refreshToken: _, ...withoutRefresh } = tokenSet;
const end = { at: january, kind: 'grantRevoked' } as const;
const over = { ...oktaSession, ended: end };
const unrefreshable = { ...oktaSession, tokenSet: withoutRefresh };

describe('isExpiryWarningDue: the warning before expiry', () => {
  test('is never due for a session that can be refreshed', () => {
    expect(expiryWarningAt(oktaSession)).toBeUndefined();
    expect(isExpiryWarningDue(january + hour - minute, oktaSession)).toBe(false);
  });

  test.each([
    ['without a refresh token', unrefreshable],
    ['that is over', over],
  ])('is due ten minutes before expiry for a session %s', (_name, session) => {
    expect(expiryWarningAt(session)).toBe(january + hour - 10 * minute);
    expect(isExpiryWarningDue(january + hour - 10 * minute - 1, session)).toBe(false);
    expect(isExpiryWarningDue(january + hour - 10 * minute, session)).toBe(true);
  });

  test('is due in the last fifth of a short lifetime', () => {
    const short = { ...unrefreshable, tokenSet: { ...withoutRefresh, expiresAt: january + minute } };
    expect(expiryWarningAt(short)).toBe(january + 48_000);
  });

  test('is not due after expiry', () => {
    expect(isExpiryWarningDue(january + hour, unrefreshable)).toBe(false);
  });

  test('is due once per token', () => {
    const told = { ...unrefreshable, warnedAt: january + hour - 10 * minute };
    expect(isExpiryWarningDue(january + hour - minute, told)).toBe(false);
    const next = { ...withoutRefresh, obtainedAt: january + hour, expiresAt: january + 2 * hour };
    expect(isExpiryWarningDue(january + 2 * hour - minute, { ...told, tokenSet: next })).toBe(true);
  });
});
