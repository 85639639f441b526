import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { failureNote, historyOf } from '../../../../src/core/session/refreshHistory.ts';
import { sessionSchema } from '../../../../src/core/session/sessionSchema.ts';
import { hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const host = 'oidc.eu-central-1.amazonaws.com';
const network = new SignInError('network', { host, code: 'ENOTFOUND' });

describe('historyOf: a history', () => {
  test('has the last ten entries, oldest first, without duplicates', () => {
    const notes = Array.from({ length: 12 }, (_, at) => ({ at }));
    expect(historyOf({ history: notes.slice(0, 9) }, [], ...notes.slice(5))).toEqual(notes.slice(2));
    expect(historyOf({}, [], { at: 1 })).toEqual([{ at: 1 }]);
  });

  test("merges this window's attempts with those in the record", () => {
    const failed = [{ at: 2, error: network, failures: 1 }];
    const note = failureNote(2, network);
    expect(historyOf({ history: [{ at: 1 }, { at: 3 }] }, failed)).toEqual([{ at: 1 }, note, { at: 3 }]);
    expect(historyOf({ history: [{ at: 1 }, note, { at: 3 }] }, failed)).toEqual([
      { at: 1 },
      note,
      { at: 3 },
    ]);
  });

  test('keeps only the displayable parts of a failure', () => {
    const error = new SignInError('serverError', {
      host,
      status: 503,
      description: 'down',
      requestId: 'r-1',
    });
    expect(failureNote(january, error)).toEqual({ at: january, kind: 'serverError', host, status: 503 });
  });

  test('is missing from an older record, and an unreadable one does not lose a session', () => {
    expect(v.parse(sessionSchema, oktaSession)).toEqual(oktaSession);
    for (const history of ['none', [{ at: 'yesterday' }], [{ at: january, kind: 'a kind to come' }]])
      expect(v.parse(sessionSchema, { ...oktaSession, history })).toEqual({ ...oktaSession, history: [] });
  });
});

describe('historyOf: the history of a session', () => {
  test('has its refreshes, and the failed attempts before them', async () => {
    const { sessions, store, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', network, network, answer);
    await clock.advance(hour);
    await rejectionOf(sessions.refresh(id, never));
    const failed = { at: january + hour, kind: 'network', host, code: 'ENOTFOUND' };
    expect(historyOf(identityCenterSession, sessions.failedAttempts(id))).toEqual([failed]);
    await clock.advance(10_000);
    const stored = (await store.get(id))?.session;
    expect(stored?.history).toEqual([failed, { at: stored?.refreshedAt }]);
    expect(stored?.refreshedAt).toBeLessThanOrEqual(january + hour + 5_000);
    expect(stored && historyOf(stored, sessions.failedAttempts(id))).toEqual(stored?.history);
  });

  test('has its end once, however often the token is requested', async () => {
    const { sessions, store, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer(
      'createToken',
      new OAuthErrorResponse('invalid_grant', { operation: 'createToken', status: 400 }),
    );
    await clock.advance(hour);
    for (let asked = 0; asked < 3; asked++) await rejectionOf(sessions.withFreshToken(id, never));
    const ended = (await store.get(id))?.session;
    expect(ended && historyOf(ended, sessions.failedAttempts(id))).toMatchObject([
      { at: january + hour, kind: 'grantRevoked' },
    ]);
  });

  test('notifies a listener of each failure', async () => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', network, network);
    await clock.advance(hour);
    let told = 0;
    using _ = sessions.onDidFail(() => told++);
    await rejectionOf(sessions.refresh(id, never));
    expect(told).toBe(1);
  });
});
