import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialects } from '../../../../src/core/oauth/errorMeanings.ts';
import { authorizationCodeGrant } from '../../../../src/core/oidc/authorizationCode.ts';
import type { CallbackFilter } from '../../../../src/core/oauth/loopbackRedirect.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { anyString } from '../../fakes/anyString.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { authorizationServer, january, oktaConnection } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { settleUntil } from '../../fakes/settle.ts';

/** A sign-in at such a server with callbacks: `takes` says whether it accepted one; nothing is exchanged. */
async function waiting(issParameter: boolean) {
  const { http, asked } = answeringHttp(() => new Response(null, { status: 404 }));
  const ports = {
    clock: fakeClock(january),
    http,
    log: fakeLog(),
    loopback: fakeLoopback(),
    user: fakePerson(),
  };
  let belongs: CallbackFilter = () => false;
  const loopback = {
    listen: async () => ({
      port: 8008,
      callback: async (given: CallbackFilter, signal: AbortSignal) => {
        belongs = given;
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        return promise;
      },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
  const server = { ...authorizationServer, issParameter };
  const request = { dialect: dialects.okta, scopes: ['offline_access'], redirectPorts: [8008] };
  const { signal } = new AbortController();
  const done = authorizationCodeGrant(oktaClient({ ...ports, loopback }, server), request, signal);
  done.catch(() => undefined);
  await settleUntil(() => ports.user.open === 1);
  const state = new URL(ports.user.turns[0]?.url ?? '').searchParams.get('state') ?? '';
  return {
    takes: (parameters: URLSearchParams) => belongs(parameters, '/oauth/callback'),
    state,
    asked,
    user: ports.user,
  };
}

describe('authorizationCodeGrant', () => {
  test.each([
    ['does not announce iss', false],
    ['announces iss', true],
  ])(
    'at a server that %s, any callback ends the prompt only with our state and without duplicates',
    async (_, announced) => {
      const { takes, state, asked, user } = await waiting(announced);
      const value = fc.oneof(
        fc.constantFrom(
          state,
          oktaConnection.issuer,
          `${oktaConnection.issuer}/`,
          '',
          'code-1',
          'access_denied',
        ),
        anyString(6),
      );
      const pair = fc.oneof(
        fc.constantFrom<[string, string]>(
          ['state', state],
          ['iss', oktaConnection.issuer],
          ['code', 'code-1'],
        ),
        fc.tuple(fc.constantFrom('state', 'iss', 'code', 'error', 'State', 'ISS', ''), value),
      );
      const outcomes = { taken: 0, ignored: 0 };
      fc.assert(
        fc.property(fc.array(pair, { maxLength: 5 }), (pairs) => {
          const parameters = new URLSearchParams(pairs);
          const names = pairs.map(([name]) => name);
          const isOurs = new Set(names).size === names.length && parameters.get('state') === state;
          outcomes[isOurs ? 'taken' : 'ignored']++;
          return takes(parameters) === isOurs;
        }),
        { numRuns: 10_000 },
      );
      expect(Math.min(outcomes.taken, outcomes.ignored)).toBeGreaterThan(100);
      // Only the redirect URI probe was sent, and no token request.
      expect(asked.map(([, { method }]) => method)).toEqual(['GET']);
      user.giveUp();
    },
  );
});
