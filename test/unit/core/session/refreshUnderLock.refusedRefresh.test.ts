import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { isUsable } from '../../../../src/core/session/refreshPolicy.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { sessionStatus } from '../../../../src/features/sessionStatus.ts';
import { hour, identityCenterSession, january } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const minute = 60_000;
const refused = (code: string, details: ErrorDetails = {}) =>
  new OAuthErrorResponse(code, { operation: 'createToken', host: 'oidc.example', status: 400, ...details });
const renewed = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };

/** A session with an expired token, at a server whose response the test can change. */
async function refusing(first: unknown) {
  const world = await sessionsWorld(identityCenterSession);
  await world.clock.advance(hour);
  let answer = first;
  const answering = (): unknown => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  world.oidc.willAnswer('createToken', ...Array.from({ length: 2000 }, () => answering));
  const ended = async () => (await world.store.get(id))?.session.ended;
  return {
    ...world,
    ended,
    answers: (next: unknown) => (answer = next),
    ask: (sessions = world.sessions) =>
      sessions.withFreshToken(id, never).then(
        () => undefined,
        (error: unknown) => error,
      ),
    state: async (sessions = world.sessions) => {
      const found = await sessions.list();
      return sessionStatus(world.clock.now(), found, (of) => sessions.lastFailure(of)).state;
    },
  };
}

const signedInAgain = {
  ...identityCenterSession,
  signedInAt: january + 2 * hour,
  tokenSet: { ...identityCenterSession.tokenSet, accessToken: 'access-3', refreshToken: 'refresh-3' },
};

const ambiguous: readonly (readonly [string, Error])[] = [
  ['invalid_request', refused('invalid_request', { description: 'Invalid request' })],
  ['a code of tomorrow', refused('too_many_moons')],
  ['authorization_pending', refused('authorization_pending')],
  ['a 400 with nothing in it', new SignInError('invalidResponse', { status: 400 })],
  ['a 401 with nothing in it', new SignInError('invalidResponse', { status: 401 })],
];

describe('refreshUnderLock: F4: a refresh that fails with an ambiguous error', () => {
  test.each(ambiguous)('(%s) ends the session after three attempts over ten minutes', async (_, answer) => {
    const { ask, clock, ended, oidc, state } = await refusing(answer);
    await ask();
    expect([await ended(), await state()]).toEqual([undefined, 'notRefreshed']);
    await clock.advance(4 * minute);
    await ask();
    expect([await ended(), await state()]).toEqual([undefined, 'notRefreshed']);
    await clock.advance(16 * minute);
    await ask();
    expect(await ended()).toMatchObject({ kind: 'grantRevoked' });
    expect(await state()).toBe('needsYou');
    const asked = oidc.asked.length;
    await clock.advance(72 * hour);
    await ask();
    expect(oidc.asked).toHaveLength(asked);
    expect(asked).toBeLessThanOrEqual(12);
  });

  test("keeps the server's message with the end", async () => {
    const { ask, clock, ended } = await refusing(
      refused('invalid_request', { description: 'Invalid request', requestId: 'r-1' }),
    );
    await ask();
    await clock.advance(hour);
    const details = { code: 'invalid_request', description: 'Invalid request', requestId: 'r-1' };
    expect(await ended()).toMatchObject({ kind: 'grantRevoked', host: 'oidc.example', ...details });
  });

  test('is counted across reloads, and by every window', async () => {
    const { ask, clock, ended, ports, state } = await refusing(refused('invalid_request'));
    for (const minutes of [0, 6, 6]) {
      await clock.advance(minutes * minute);
      expect(await ended()).toBeUndefined();
      using reloaded = new Sessions(ports);
      await ask(reloaded);
    }
    expect(await ended()).toMatchObject({ kind: 'grantRevoked' });
    expect(await state(new Sessions(ports))).toBe('needsYou');
  });

  test('does not end the session if the server returns a token after all', async () => {
    const { answers, ask, clock, ended, state, store } = await refusing(refused('invalid_request'));
    await ask();
    await clock.advance(4 * minute);
    answers(renewed);
    await clock.advance(2 * minute);
    expect(await ask()).toBeUndefined();
    expect([await ended(), await state()]).toEqual([undefined, 'signedIn']);
    expect((await store.get(id))?.session.refusals).toBeUndefined();
  });

  test('does not end the session if another window has stored a newer token', async () => {
    const refusals = { since: january + hour, count: 2 };
    const { clock, oidc, sessions, store } = await sessionsWorld({ ...identityCenterSession, refusals });
    await clock.advance(2 * hour);
    const newer = { accessToken: 'access-elsewhere', refreshToken: 'refresh-elsewhere' };
    oidc.willAnswer('createToken', async () => {
      const tokenSet = { ...identityCenterSession.tokenSet, ...newer, expiresAt: clock.now() + hour };
      await store.put({ ...identityCenterSession, tokenSet });
      throw refused('invalid_request');
    });
    expect((await sessions.withFreshToken(id, never)).tokenSet).toMatchObject(newer);
    expect((await store.get(id))?.session.ended).toBeUndefined();
  });

  test.each([
    ['a new sign-in', signedInAgain],
    ['a sign-out', undefined],
  ])('does not undo %s while it looks for a newer token of the AWS CLI', async (_, after) => {
    const refusals = { since: january + hour, count: 2 };
    const { clock, oidc, ports } = await sessionsWorld({ ...identityCenterSession, refusals });
    const { store } = ports;
    using sessions = new Sessions({
      ...ports,
      store: {
        ...store,
        findNewerToken: async () => {
          await (after === undefined ? store.remove(id) : store.put(after));
          return undefined;
        },
      },
    });
    await clock.advance(2 * hour);
    oidc.willAnswer('createToken', refused('invalid_request'));
    await sessions.withFreshToken(id, never).catch(() => undefined);
    expect((await store.get(id))?.session).toEqual(after);
  });

  test('does not count while the token is valid', async () => {
    const world = await sessionsWorld(identityCenterSession);
    world.oidc.willAnswer('createToken', ...Array.from({ length: 9 }, () => refused('invalid_request')));
    for (let tries = 0; tries < 9; tries++) {
      await world.clock.advance(5 * minute);
      await rejectionOf(world.sessions.refresh(id, never));
    }
    expect((await world.store.get(id))?.session).toEqual(identityCenterSession);
  });
});

const passing: readonly Error[] = [
  ...(['network', 'timeout', 'serverError', 'rateLimited', 'proxy', 'certificate'] as const).map(
    (kind: SignInErrorKind) => new SignInError(kind),
  ),
  ...(['storage', 'lockBusy', 'configuration'] as const).map((kind) => new SignInError(kind)),
  new SignInError('invalidResponse', { status: 200, reason: 'noToken' }),
  refused('invalid_grant', { status: 503 }),
  refused('invalid_grant', { status: 429 }),
  refused('slow_down'),
  refused('temporarily_unavailable'),
];
const keys = ['KMS_DisabledException', 'KMS_AccessDeniedException'].map((reason) =>
  refused('invalid_request', { reason }),
);
const forGood = ['invalid_grant', 'expired_token', 'access_denied', 'invalid_client', 'login_required'].map(
  (code) => refused(code),
);

/** A server response and how long it lasts, with a user who asks every few minutes. */
const phase = (answers: readonly Error[]) =>
  fc.record({ answer: fc.constantFrom(...answers), minutes: fc.integer({ min: 1, max: 90 }) });

test('F4: temporary errors, or those about an AWS key, never end a session or show it as signed in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(phase([...passing, ...keys]), { minLength: 1, maxLength: 8 }),
      async (phases) => {
        const { answers, ask, clock, ended, sessions, state } = await refusing(phases[0]?.answer);
        for (const { answer, minutes } of phases) {
          answers(answer);
          await ask();
          expect(await state()).not.toMatch(/signedIn|several/);
          await clock.advance(minutes * minute);
          expect(await ended()).toBeUndefined();
        }
        answers(renewed);
        await clock.advance(hour + minute);
        expect(await ask()).toBeUndefined();
        sessions[Symbol.dispose]();
      },
    ),
    { numRuns: 40 },
  );
});

test('F4: any sequence of errors ends a session within half an hour of requests, and with few of them', async () => {
  const all = [...ambiguous.map(([, answer]) => answer), ...forGood];
  await fc.assert(
    fc.asyncProperty(fc.array(phase(all), { minLength: 1, maxLength: 6 }), async (phases) => {
      const { answers, ask, clock, ended, oidc, sessions, state } = await refusing(phases[0]?.answer);
      let waited = 0;
      for (const { answer, minutes } of phases) {
        answers(answer);
        await ask();
        const isGiven = await state();
        expect(isGiven).not.toMatch(/signedIn|several/);
        await clock.advance(minutes * minute);
        waited += minutes;
        if (waited > 30) expect(await ended()).toBeDefined();
      }
      expect(oidc.asked.length).toBeLessThanOrEqual(15);
      sessions[Symbol.dispose]();
    }),
    { numRuns: 40 },
  );
});

test('F4: after any sequence of responses, a session without a usable token is not shown as signed in', async () => {
  const all = [...passing, ...keys, ...ambiguous.map(([, answer]) => answer), ...forGood];
  await fc.assert(
    fc.asyncProperty(fc.array(phase(all), { minLength: 1, maxLength: 8 }), async (phases) => {
      const { answers, ask, clock, sessions, state } = await refusing(phases[0]?.answer);
      for (const { answer, minutes } of phases) {
        answers(answer);
        await ask();
        await clock.advance(minutes * minute);
        const [session] = (await sessions.list()).sessions;
        if (session !== undefined && !isUsable(clock.now(), session.tokenSet))
          expect(await state()).not.toMatch(/signedIn|several/);
      }
      sessions[Symbol.dispose]();
    }),
    { numRuns: 40 },
  );
});
