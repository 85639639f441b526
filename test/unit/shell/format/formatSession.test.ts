import { describe, expect, test, vi } from 'vitest';
import { approximateTimeLeft, spanText, timeLeft } from '../../../../src/shell/ui/duration.ts';
import {
  besideName,
  inOrder,
  labelOf,
  expirationText,
  lostText,
  fullNameOf,
  nameOf,
  signedInAs,
  signedInText,
} from '../../../../src/shell/format/formatSession.ts';
import { day, hour, identityCenterSession, oktaConnection, oktaSession } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const minute = 60_000;
const zoe = {
  ...oktaSession,
  id: 'e'.repeat(32),
  account: { id: 'z', label: 'zoe@example.com (example.okta.com)', name: 'zoe@example.com' },
};
const lost = {
  id: 'f'.repeat(32),
  accountLabel: 'bob (x)',
  accountName: 'bob@example.com',
  connection: oktaConnection,
};

describe('timeLeft: time left', () => {
  test.each([
    [0, '0:00', 'less than a minute', '1 min'],
    [59_001, '1:00', 'less than a minute', '1 min'],
    [59 * minute, '59:00', '59 min', '59 min'],
    [2 * hour + 5 * minute, '2 h 5 min', '2 h 5 min', '2 h'],
    [7.9 * hour, '7 h 54 min', '7 h 54 min', '8 h'],
    [3 * day, '3 days', '3 days', '3 days'],
  ])('formats %i ms as a countdown, roughly, and as a span', (milliseconds, counted, rough, span) => {
    expect([timeLeft(milliseconds), approximateTimeLeft(milliseconds), spanText(milliseconds)]).toEqual([
      counted,
      rough,
      span,
    ]);
  });
});

describe('besideName: 8: the account', () => {
  test('is the user, with the connection next to it', () => {
    expect([nameOf(oktaSession), besideName(oktaSession), fullNameOf(oktaSession)]).toEqual([
      'ada@example.com',
      'Example · example.okta.com',
      'ada@example.com (Example)',
    ]);
    expect(signedInText(oktaSession)).toBe('Signed in as ada@example.com');
  });

  test('is the connection if its tokens name no user, and never a host', () => {
    expect([
      nameOf(identityCenterSession),
      besideName(identityCenterSession),
      fullNameOf(identityCenterSession),
    ]).toEqual(['Example', `IAM Identity Center · ${identityCenterSession.connection.region}`, 'Example']);
    expect(signedInText(identityCenterSession)).toBe('Signed in to Example');
    expect(nameOf({ ...lost, accountName: undefined } as never)).toBe(oktaConnection.name);
  });

  test('is shown for a connection on one line', () => {
    expect(signedInAs([])).toBeUndefined();
    expect(signedInAs([identityCenterSession])).toBe('Signed in');
    expect(signedInAs([oktaSession, zoe])).toBe('Signed in as ada@example.com, zoe@example.com');
  });
});

describe('11: expirationText', () => {
  const lasting = (left: number, refreshToken?: string) =>
    expirationText({
      ...oktaSession,
      tokenSet: { ...oktaSession.tokenSet, expiresAt: Date.now() + left, refreshToken } as never,
    });

  test('shows no time if the token is renewed', () => {
    expect(lasting(hour, 'r')).toBe('Renews automatically');
    expect(lasting(-hour, 'r')).toBe('Renews automatically');
  });

  test('shows the expiry if the user must act', () => {
    expect(lasting(hour + 1000)).toMatch(
      /^Expires at .+ \(1 h 0 min left\)$|^Expires at .+ \(60 min left\)$/,
    );
    expect(lasting(-1)).toBe('Expired');
  });
});

describe('labelOf: several accounts', () => {
  test('are listed by name, the preferred one first', () => {
    expect(inOrder([zoe, lost, oktaSession]).map(nameOf)).toEqual([
      'ada@example.com',
      'bob@example.com',
      'zoe@example.com',
    ]);
    expect(inOrder([oktaSession, { ...zoe, preferredAt: 1 }]).map(nameOf)).toEqual([
      'zoe@example.com',
      'ada@example.com',
    ]);
  });

  test('are marked as default only if there are others of the same provider: the one that VS Code uses, even if none was chosen', () => {
    const first = { ...zoe, preferredAt: 2 };
    const second = { ...oktaSession, preferredAt: 1 };
    expect(labelOf(first, [first, second])).toBe('zoe@example.com (default)');
    expect(labelOf(second, [first, second])).toBe('ada@example.com');
    expect(labelOf(first, [first, identityCenterSession])).toBe('zoe@example.com');
    const many = { ...zoe, id: '0', tokenSet: { ...zoe.tokenSet, scopes: [...zoe.tokenSet.scopes, 'more'] } };
    expect(labelOf(oktaSession, [many, oktaSession])).toBe('ada@example.com (default)');
    const ended = { ...oktaSession, preferredAt: 1, ended: { at: 0, kind: 'grantRevoked' } } as const;
    expect([many, ended].map((one) => labelOf(one, [many, ended]))).toEqual([
      'zoe@example.com (default)',
      'ada@example.com',
    ]);
  });
});

test.each([
  ['desktop', undefined, undefined, 'Your saved sign-in is no longer in the system keychain.'],
  ['web', 'codespaces', undefined, 'Your saved sign-in is no longer in this browser.'],
  ['desktop', undefined, true, 'Your saved sign-in can’t be read.'],
] as const)('lostText on %s, remote %s, unreadable %s', (ui, remoteName, isUnreadable, text) => {
  const editorEnvironment = { ui, remoteName, runs: 'ui' } as const;
  const one = isUnreadable === undefined ? {} : { isUnreadable };
  expect(lostText({ editorEnvironment }, one)).toBe(text);
});
