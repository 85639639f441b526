import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { failureOf } from '../../../../src/shell/terminal/terminalMessages.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const known = ['My Okta', 'Work'];

describe('failureOf', () => {
  test.each([
    [{ kind: 'notShared' }, 3, /Use in Terminal/],
    [{ kind: 'unknown', name: 'Wrok', known }, 3, /“Wrok” isn’t shared.*Available: “My Okta”, “Work”\./],
    [{ kind: 'several', known }, 2, /Specify one: “My Okta”, “Work”\./],
    [
      { kind: 'gone', name: 'Work', isSignedOut: true, known: ['My Okta'] },
      3,
      /You signed out of “Work”.*“My Okta”/,
    ],
    [
      { kind: 'gone', name: 'Work', isSignedOut: false, known: [] },
      3,
      /^“Use in Terminal” is off for “Work”/,
    ],
    [{ kind: 'missingScopes', name: 'Work', scopes: ['a', 'b'] }, 1, /scope a b.*--sign-in/],
    [{ kind: 'noneOfAws' }, 3, /^No sign-in with IAM Identity Center is shared.*Use in Terminal/],
    [{ kind: 'signInNeeded', name: 'Work' }, 4, /sign in to Work.*--sign-in/],
    [{ kind: 'failed', error: new SignInError('network', { host: 'x.example' }) }, 1, /x\.example/],
    [{ kind: 'failed', error: new SignInError('cancelled') }, 4, /^The sign-in was canceled\.$/],
    [
      { kind: 'failed', error: new SignInError('blockedByOrganization', { reason: 'terminal', file: '/p' }) },
      3,
      /organization doesn’t allow programs in the terminal/,
    ],
  ] as const)('%j exits with %i and a reason', (problem, exitCode, message) => {
    expect(failureOf(problem)).toEqual({
      exitCode,
      message: expect.stringMatching(message) as string,
    });
  });

  test('a name cannot control the terminal that prints it', () => {
    const { message } = failureOf({ kind: 'unknown', name: 'x\u001b[2J\n', known: ['\u001b]0;y\u0007'] });

    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });
});
