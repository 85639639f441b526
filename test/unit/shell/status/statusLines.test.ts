import { afterEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { statusLines, typicalEndLines } from '../../../../src/shell/status/statusLines.ts';
import { recordEndedSessions } from '../../../../src/shell/status/typicalEnds.ts';
import { hour, oktaSession } from '../../fakes/examples.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

afterEach(() => void vi.restoreAllMocks());

const now = Date.now();
const session: Session = {
  ...oktaSession,
  signedInAt: now - 2 * hour,
  tokenSet: { ...oktaSession.tokenSet, expiresAt: now + hour },
};
const ended: Session = { ...session, ended: { at: now, kind: 'grantRevoked' } };

describe('statusLines', () => {
  test('shows the connection, the expiry, and what failed', async () => {
    const { context, sessions } = await shellWorld();
    const error = new SignInError('network', { host: 'example.okta.com', code: 'ENOTFOUND' });
    vi.spyOn(sessions, 'lastFailure').mockReturnValue({ at: now, error, failures: 1 });
    expect(statusLines(context, session)).toEqual([
      'Example · example.okta.com',
      expect.stringMatching(/^Renews automatically$/),
      expect.stringMatching(/^Couldn’t renew at .*: example\.okta\.com couldn’t be reached/),
    ]);
  });

  test('shows why it ended, and no earlier failure', async () => {
    const { context, sessions } = await shellWorld();
    vi.spyOn(sessions, 'lastFailure').mockReturnValue({
      at: now,
      error: new SignInError('network'),
      failures: 1,
    });
    expect(statusLines(context, ended)).toEqual([
      'Example · example.okta.com',
      expect.stringMatching(/^Ended /),
    ]);
  });
});

describe('typicalEndLines', () => {
  test('is known after three sessions of the same length, until it passes', async () => {
    const { memento } = (await shellWorld()).context;
    expect(typicalEndLines(memento, session)).toEqual([]);
    for (const days of [1, 2, 3]) {
      const signedInAt = now - days * 24 * hour;
      await recordEndedSessions(memento, [
        { ...session, signedInAt, ended: { at: signedInAt + 8 * hour, kind: 'grantRevoked' } },
      ]);
    }
    expect(typicalEndLines(memento, session)).toEqual([expect.stringMatching(/^usually expires at /)]);
    expect(typicalEndLines(memento, { ...session, signedInAt: now - 9 * hour })).toEqual([]);
    expect(typicalEndLines(memento, ended)).toEqual([]);
  });
});
