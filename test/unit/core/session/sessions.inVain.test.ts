import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { hour, identityCenterSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };

describe('Sessions: a manual refresh that failed', () => {
  test.each([
    ['when it was over', hour],
    ['before it was due', 0],
  ])('with %s is retried automatically until it works', async (_, after) => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    await clock.advance(after);
    const away = new SignInError('network');
    oidc.willAnswer('createToken', away, away, away, away);
    await rejectionOf(sessions.refresh(id, never));
    await clock.advance(5_000);
    expect(sessions.lastFailure(id)?.failures).toBe(2);
    oidc.willAnswer('createToken', answer);
    await clock.advance(60_000);
    expect((await sessions.list()).sessions[0]?.tokenSet.accessToken).toBe('access-2');
    expect(sessions.lastFailure(id)).toBeUndefined();
    expect(oidc.asked).toHaveLength(5);
  });
});
