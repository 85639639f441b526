import { describe, expect, test } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { sessionOf } from '../../../../src/shell/terminal/sessionOf.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const storing = (...sessions: Session[]) => ({
  list: async () => Promise.resolve({ sessions, lost: [] }),
});

describe('sessionOf', () => {
  test('is the session as it is stored now', async () => {
    const later = { ...oktaSession, signedInAt: oktaSession.signedInAt + 1 };
    expect(await sessionOf(storing(identityCenterSession, later), oktaSession.id)).toBe(later);
  });

  test('asks for a sign-in if the session is gone', async () => {
    expect(await rejectionOf(sessionOf(storing(identityCenterSession), oktaSession.id))).toMatchObject({
      kind: 'signInNeeded',
      details: { operation: 'session' },
    });
  });
});
