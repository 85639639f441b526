import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { authorizationCodeGrant } from '../../../../src/core/oidc/authorizationCode.ts';
import { redirectUriAt } from '../../../../src/core/oidc/redirectUri.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { authorizationServer, january, oktaConnection } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const scopes = ['codewhisperer:completions'];
const tokens = { access_token: 'access-1', token_type: 'Bearer', expires_in: 3600 };
const withDevice = {
  ...authorizationServer,
  deviceAuthorizationEndpoint: `${oktaConnection.issuer}/v1/device`,
};
type Probe = (port: number, signal: AbortSignal | undefined) => Response | Error | Promise<Response>;
const registeredAre =
  (...ports: readonly number[]): Probe =>
  (port) =>
    ports.includes(port)
      ? redirectTo(`${redirectUriAt(port)}?error=login_required`)
      : new Response('<p>400', { status: 400 });

/** A sign-in over these ports at an Okta that answers each question for a redirect URI with `probe`. */
function signIn(
  redirectPorts: readonly number[],
  probe: Probe,
  server = authorizationServer,
  taken: readonly number[] = [],
) {
  const { http, asked } = answeringHttp((url, { method, signal }) => {
    if (method === 'POST') return Response.json(tokens);
    return probe(Number(new URL(url.searchParams.get('redirect_uri') ?? '').port), signal);
  });
  const ports = {
    clock: fakeClock(january),
    http,
    log: fakeLog(),
    loopback: fakeLoopback(taken),
    user: fakePerson(),
  };
  const asker = new AbortController();
  const outcome = authorizationCodeGrant(oktaClient(ports, server), { scopes, redirectPorts }, asker.signal);
  outcome.catch(() => undefined);
  const { user, loopback } = ports;
  return {
    ...ports,
    asked,
    asker,
    outcome,
    /** Waits for the prompt with that number. */
    turn: async (number: number) => {
      await settleUntil(() => user.turns.length === number && user.open === 1);
      const turn = user.turns[number - 1];
      const url = new URL(turn?.url ?? '');
      const state = url.searchParams.get('state') ?? '';
      return { turn, port: Number(new URL(turn?.redirectUri ?? '').port), state, url };
    },
    nothingLeft: () => {
      expect([ports.clock.sleeping, user.open, loopback.listening]).toEqual([0, 0, 0]);
    },
  };
}

const unanswered: Probe = (_, signal) => {
  const { promise, reject } = Promise.withResolvers<Response>();
  signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
};

describe('authorizationCodeGrant: a port that is not registered', () => {
  test('opens no browser: the one that is registered is taken', async () => {
    const { turn, user, log } = signIn([2128, 4649, 6588, 8008], registeredAre(8008));
    const { turn: shown, port } = await turn(1);
    expect(port).toBe(8008);
    expect(shown?.knownRedirectStatus).toEqual({
      redirectUri: redirectUriAt(8008),
      registration: 'registered',
    });
    expect(log.lines.join()).toMatch(/isn’t registered.*2128.*8008/);
    user.giveUp();
  });

  test('is said where the one that is registered is taken by another program, and not looked for for ever', async () => {
    const { turn, user } = signIn([2128, 4649, 6588], registeredAre(6588), authorizationServer, [6588]);
    const { turn: shown, port } = await turn(1);
    expect(port).toBe(4649);
    expect(shown?.knownRedirectStatus).toEqual({
      redirectUri: redirectUriAt(4649),
      registration: 'notRegistered',
      registered: redirectUriAt(6588),
    });
    user.giveUp();
  });

  test('is said before the browser opens where none is', async () => {
    const { turn, user } = signIn([2128, 4649], registeredAre());
    const { turn: shown, port } = await turn(1);
    expect(port).toBe(2128);
    expect(shown?.knownRedirectStatus).toEqual({
      redirectUri: redirectUriAt(2128),
      registration: 'notRegistered',
    });
    user.giveUp();
  });
});

describe('authorizationCodeGrant: what a person is told of the redirect URI', () => {
  test('does not keep the sign-in waiting for more than a second, and a callback counts before it is known', async () => {
    const { turn, clock, loopback, outcome, nothingLeft } = signIn([2128], unanswered);
    await settleUntil(() => clock.sleeping > 0);
    await clock.advance(1000);
    const { turn: shown, state } = await turn(1);
    expect(shown?.knownRedirectStatus).toBeUndefined();
    loopback.arrive({ code: 'code-1', state });
    expect(doneOf(await outcome)).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
    // The pending probe has ended with it.
    expect(await shown?.redirectStatus).toMatchObject({ registration: 'notKnown' });
    nothingLeft();
  });

  test('does not fail the sign-in if it cannot be determined', async () => {
    const { turn, loopback, outcome } = signIn([2128], () => new SignInError('network'));
    const { state } = await turn(1);
    loopback.arrive({ code: 'code-1', state });
    expect(doneOf(await outcome)).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
  });
});

describe('authorizationCodeGrant: the alternatives', () => {
  test.each([
    ['none with one port and no device grant', [2128], authorizationServer, []],
    ['the next port', [2128, 4649], authorizationServer, ['nextPort']],
    ['the device code', [2128], withDevice, ['deviceCode']],
    ['both', [2128, 4649], withDevice, ['nextPort', 'deviceCode']],
  ] as const)('are %s', async (_, ports, server, ways) => {
    const { turn, user } = signIn(ports, registeredAre(2128), server);
    expect((await turn(1)).turn?.alternatives).toEqual(ways);
    user.giveUp();
  });

  test('returns the device code if chosen', async () => {
    const { turn, user, outcome, nothingLeft } = signIn([2128], registeredAre(2128), withDevice);
    await turn(1);
    user.choose('deviceCode');
    expect(await outcome).toEqual({ choice: 'deviceCode' });
    nothingLeft();
  });
});

describe('authorizationCodeGrant: the next port', () => {
  test('is the next in their order where nothing is known, then the first again', async () => {
    const { turn, user } = signIn([2128, 4649, 6588], () => new SignInError('network'));
    const taken: number[] = [];
    for (let number = 1; number <= 4; number++) {
      taken.push((await turn(number)).port);
      if (number < 4) user.choose('nextPort');
    }
    expect(taken).toEqual([2128, 4649, 6588, 2128]);
    user.giveUp();
  });

  test('is tried with another state and verifier, and an old callback is not taken', async () => {
    const { turn, user, loopback, outcome, nothingLeft } = signIn([2128, 4649], registeredAre(2128, 4649));
    const first = await turn(1);
    await first.turn?.redirectStatus;
    user.choose('nextPort');
    const second = await turn(2);
    const challenge = ({ url }: { readonly url: URL }) => url.searchParams.get('code_challenge');
    expect(second.state).not.toBe(first.state);
    expect(challenge(second)).not.toBe(challenge(first));
    expect(second.url.searchParams.get('redirect_uri')).toBe(redirectUriAt(4649));
    expect(loopback.listening).toBe(1);
    expect(loopback.arrive({ code: 'old', state: first.state })).toBe(false);
    expect(loopback.arrive({ code: 'code-1', state: second.state })).toBe(true);
    expect(doneOf(await outcome)).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
    nothingLeft();
  });

  test('is tried at once, although the question for the last one is not answered', async () => {
    const { turn, clock, user, outcome } = signIn([2128, 4649], unanswered);
    await settleUntil(() => clock.sleeping > 0);
    await clock.advance(1000);
    await turn(1);
    user.choose('nextPort');
    await settleUntil(() => clock.sleeping > 0);
    await clock.advance(1000);
    expect((await turn(2)).port).toBe(4649);
    user.giveUp();
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'cancelled' });
  });
});
