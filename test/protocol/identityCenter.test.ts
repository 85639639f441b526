import { describe, expect, test } from 'vitest';
import { defaultScopesOf } from '../../src/core/connection/connection.ts';
import { errorAnswer } from '../sandbox/identityCenter/apiError.ts';
import { ana, approving, ben, denying, personWho } from './people.ts';
import { hour, noSignal, useSandbox } from './scene.ts';
import { whileTimeFlies } from './testClock.ts';

const scene = useSandbox({ identityCenter: { intervalSeconds: 5, registrationSeconds: 90 * 24 * 3600 } });
const register = 'identityCenter.registerClient';
const start = 'identityCenter.startDeviceAuthorization';
const poll = 'identityCenter.createToken:device_code';
const pending = errorAnswer('AuthorizationPendingException');

/** Seconds between polls, and between the code and the first poll. */
function gaps(): readonly number[] {
  const times = [...scene.sandbox.requestLog.list(start), ...scene.sandbox.requestLog.list(poll)].map(
    ({ at }) => at,
  );
  return times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000);
}

describe('a first sign-in', () => {
  test('sends two requests and the polls, and its token works', async () => {
    using product = scene.window();
    const { tokenSet, account } = await scene.signIn(product, 'identityCenter');
    expect(scene.requests()).toEqual([register, start, poll]);
    expect(tokenSet.scopes).toEqual(defaultScopesOf('identityCenter'));
    expect(account.label).toBe('d-9067642ac7.awsapps.com');
    const headers = { authorization: `Bearer ${tokenSet.accessToken}` };
    expect((await fetch(scene.sandbox.identityCenter.protectedUrl, { headers })).status).toBe(200);
  });

  test('shows the code, the verification page with the code, and the expiry', async () => {
    using product = scene.window();
    const person = approving(scene.sandbox, ana);
    const before = scene.clock.now();
    await whileTimeFlies(scene.clock, product.sessions.signIn(product.identityCenter, {}, person, noSignal));
    expect(person.turns).toHaveLength(1);
    const [turn] = person.turns;
    expect(turn?.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(turn?.url).toBe(`${scene.sandbox.identityCenter.origin}/device?user_code=${turn?.userCode}`);
    expect(turn?.expiresAt).toBe(before + 600_000);
    expect(person.open).toBe(0);
  });

  test('is stored: a new store instance finds it', async () => {
    using product = scene.window();
    const { id, tokenSet } = await scene.signIn(product, 'identityCenter');
    const { sessions } = await product.sessions.list();
    expect(sessions.map((session) => [session.id, session.tokenSet])).toEqual([[id, tokenSet]]);
  });
});

describe('F15: two users of one portal', () => {
  test('are two sessions if the second has a name, and each refreshes its own tokens', async () => {
    using product = scene.window();
    const first = await scene.signIn(product, 'identityCenter', ana);
    const named = product.sessions.signIn(
      product.identityCenter,
      { accountName: 'Admin' },
      approving(scene.sandbox, ben),
      noSignal,
    );
    const second = await whileTimeFlies(scene.clock, named);
    expect(second.id).not.toBe(first.id);
    expect(second.account.label).toBe('Admin (d-9067642ac7.awsapps.com)');
    const refreshed = [
      await product.sessions.refresh(first.id, noSignal),
      await product.sessions.refresh(second.id, noSignal),
    ];
    expect(refreshed.map(({ account }) => account)).toEqual([first.account, second.account]);
    expect((await product.sessions.list()).sessions).toHaveLength(2);
  });

  test('a new sign-in with that name replaces only that account', async () => {
    using product = scene.window();
    const first = await scene.signIn(product, 'identityCenter', ana);
    const ids = [];
    for (const username of [ben, ben]) {
      const person = approving(scene.sandbox, username);
      const again = product.sessions.signIn(
        product.identityCenter,
        { accountName: 'Admin' },
        person,
        noSignal,
      );
      ids.push((await whileTimeFlies(scene.clock, again)).id);
    }
    expect(new Set(ids).size).toBe(1);
    const { sessions } = await product.sessions.list();
    expect(sessions.map(({ id }) => id).toSorted()).toEqual([first.id, ids[0]].toSorted());
  });
});

describe('polls', () => {
  test('come at the interval while the user has not decided', async () => {
    using product = scene.window();
    scene.sandbox.faults.add({ at: poll, times: 2, ...pending });
    await scene.signIn(product, 'identityCenter');
    expect(gaps()).toEqual([5, 5, 5]);
  });

  test('slow down by five seconds permanently after slow_down', async () => {
    using product = scene.window();
    scene.sandbox.faults.add({ at: poll, ...errorAnswer('SlowDownException') }, { at: poll, ...pending });
    const person = approving(scene.sandbox, ana);
    const signingIn = product.sessions.signIn(product.identityCenter, {}, person, noSignal);
    await whileTimeFlies(scene.clock, signingIn, Infinity);
    expect(gaps()).toEqual([5, 10, 10]);
  });

  test('end with a denial', async () => {
    using product = scene.window();
    const signingIn = product.sessions.signIn(product.identityCenter, {}, denying(scene.sandbox), noSignal);
    const failure = await product.failureOf(whileTimeFlies(scene.clock, signingIn));
    expect(failure.kind).toBe('denied');
    expect(scene.requests()).toEqual([register, start, poll]);
  });

  test('end when the code expires, after ten minutes', async () => {
    using product = scene.window();
    const person = personWho();
    const before = scene.clock.now();
    const signingIn = product.sessions.signIn(product.identityCenter, {}, person, noSignal);
    const failure = await product.failureOf(whileTimeFlies(scene.clock, signingIn));
    expect(failure.kind).toBe('codeExpired');
    expect(scene.clock.now() - before).toBe(600_000);
    expect(person.open).toBe(0);
  });
});

describe('errors from the service', () => {
  test.each([
    ['an unknown start URL', { startUrl: 'https://d-0000000000.awsapps.com/start' }, 'invalidStartUrl'],
    ['a start URL of another region', { region: 'eu-west-3' }, 'invalidStartUrl'],
  ])('%s', async (_what, change, kind) => {
    using product = scene.window();
    const person = personWho();
    const connection = { ...product.identityCenter, ...change };
    const failure = await product.failureOf(product.sessions.signIn(connection, {}, person, noSignal));
    expect(failure.kind).toBe(kind);
    expect(scene.requests()).toEqual([register, start]);
    expect(person.turns).toEqual([]);
  });

  test('an unsupported scope', async () => {
    using product = scene.window();
    const connection = { ...product.identityCenter, scopes: ['codewhisperer:nonsense'] };
    const failure = await product.failureOf(product.sessions.signIn(connection, {}, personWho(), noSignal));
    expect(failure.kind).toBe('scopeRefused');
    expect(scene.requests()).toEqual([register]);
  });
});

test('a page outside the service is never opened', async () => {
  using product = scene.window();
  const body = {
    deviceCode: 'device-code-1',
    userCode: 'ABCD-EFGH',
    verificationUri: 'https://aws.example/device',
    verificationUriComplete: 'https://aws.example/device?user_code=ABCD-EFGH',
  };
  scene.sandbox.faults.add({ at: start, body: JSON.stringify(body) });
  const person = personWho();
  const failure = await product.failureOf(
    product.sessions.signIn(product.identityCenter, {}, person, noSignal),
  );
  expect([failure.kind, failure.details.host]).toEqual(['invalidResponse', 'aws.example']);
  expect(person.turns).toEqual([]);
});

describe('the client registration', () => {
  test('is reused by the second sign-in', async () => {
    using product = scene.window();
    await scene.signIn(product, 'identityCenter');
    await scene.signIn(product, 'identityCenter');
    expect(scene.requests()).toEqual([register, start, poll, start, poll]);
  });

  test('is renewed once when the service rejects it', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, 'identityCenter');
    if (session.type !== 'identityCenter') throw new Error('Another session');
    scene.sandbox.identityCenter.expireRegistration(session.registration.clientId);
    const again = await scene.signIn(product, 'identityCenter');
    expect(scene.requests()).toEqual([register, start, poll, start, register, start, poll]);
    expect(again.id).toBe(session.id);
  });

  test('is renewed without a request when it has expired', async () => {
    using product = scene.window();
    await scene.signIn(product, 'identityCenter');
    scene.clock.jump(90 * 24 * hour);
    await scene.signIn(product, 'identityCenter');
    expect(scene.requests()).toEqual([register, start, poll, register, start, poll]);
  });

  test('that is always rejected ends the sign-in after one more attempt', async () => {
    using product = scene.window();
    scene.sandbox.faults.add({ at: start, times: Infinity, ...errorAnswer('InvalidClientException') });
    const failure = await product.failureOf(scene.signIn(product, 'identityCenter'));
    expect(failure.kind).toBe('registrationRefused');
    expect(scene.requests()).toEqual([register, start, register, start]);
  });

  test('depends on its scopes: other scopes have a separate one', async () => {
    using product = scene.window();
    await scene.signIn(product, 'identityCenter');
    const request = { scopes: ['codewhisperer:analysis'] };
    const signingIn = product.sessions.signIn(
      product.identityCenter,
      request,
      approving(scene.sandbox, ana),
      noSignal,
    );
    const { tokenSet } = await whileTimeFlies(scene.clock, signingIn);
    expect(tokenSet.scopes).toEqual([...defaultScopesOf('identityCenter'), 'codewhisperer:analysis']);
    expect(scene.sandbox.requestLog.count(register)).toBe(2);
  });
});
