import { describe, expect, test } from 'vitest';
import type { Headless } from './headless.ts';
import { ana, personWho } from './people.ts';
import { hour, noSignal, providers, refreshAt, useSandbox } from './scene.ts';
import { createCodeServer, secretsWithKey } from './secretStores.ts';
import { until } from './testClock.ts';

const scene = useSandbox();

/** Maximum delay until another window sees a change. */
const twoSeconds = { timeout: 2000, interval: 10 };

interface TwoWindows extends Disposable {
  readonly one: Headless;
  readonly two: Headless;
}

/** Two windows of one code-server: one storage folder, and separate in-memory secrets. */
async function openTwoWindows(): Promise<TwoWindows> {
  const codeServer = createCodeServer();
  const secrets = codeServer.openWindow();
  const one = scene.window({ secrets });
  await until(() => secrets.map.size === 1); // Creates the key that seals the records, before the second window opens.
  const two = scene.window({ secrets: codeServer.openWindow(), folder: one.folder });
  await Promise.all([one.sessions.list(), two.sessions.list()]);
  return {
    one,
    two,
    [Symbol.dispose]: () => {
      using _folderLast = one;
      two[Symbol.dispose]();
    },
  };
}

/** The changes that a window is notified of, as `added`, `removed` and `changed` with the session's ID. */
function changesIn({ sessions }: Headless): readonly string[] {
  const seen: string[] = [];
  sessions.onDidChange((change) => {
    for (const how of ['added', 'removed', 'changed'] as const) {
      seen.push(...change[how].map(({ id }) => `${how} ${id}`));
    }
  });
  return seen;
}

describe.each(providers)('%s: two windows', (provider) => {
  test('see each other’s sign-in, refresh and sign-out within two seconds', async () => {
    using windows = await openTwoWindows();
    const { one, two } = windows;
    const inOne = changesIn(one);
    const inTwo = changesIn(two);

    const { id } = await scene.signIn(one, provider);
    await expect.poll(() => inTwo, twoSeconds).toEqual([`added ${id}`]);

    scene.clock.jump(hour);
    const refreshed = await two.sessions.withFreshToken(id, noSignal);
    await expect.poll(() => inOne, twoSeconds).toEqual([`added ${id}`, `changed ${id}`]);
    const [stored] = (await one.sessions.list()).sessions;
    expect(stored?.tokenSet).toEqual(refreshed.tokenSet);

    await one.sessions.signOut(id, noSignal);
    await expect.poll(() => inTwo, twoSeconds).toEqual([`added ${id}`, `changed ${id}`, `removed ${id}`]);
    expect((await two.failureOf(two.sessions.withFreshToken(id, noSignal))).kind).toBe('signInNeeded');
  });

  test('send one request when both ask at expiry', async () => {
    using windows = await openTwoWindows();
    const { one, two } = windows;
    const { id } = await scene.signIn(one, provider);
    for (let expiry = 1; expiry <= 3; expiry++) {
      scene.clock.jump(hour);
      const [here, there] = await Promise.all([
        one.sessions.withFreshToken(id, noSignal),
        two.sessions.withFreshToken(id, noSignal),
      ]);
      expect(there.tokenSet).toEqual(here.tokenSet);
      expect(scene.sandbox.requestLog.count(refreshAt[provider])).toBe(expiry);
    }
    expect(scene.sandbox.identityCenter.stats().reusesAfterGrace).toBe(0);
    expect(scene.sandbox.okta.stats().reusesInsideGrace).toBe(0);
  });

  test('a sign-in in the second closes the prompt of the first, with the same session', async () => {
    using windows = await openTwoWindows();
    const { one, two } = windows;
    const waiting = personWho();
    const first = one.sessions.signIn(one[provider], {}, waiting, noSignal);
    await until(() => waiting.open === 1);
    // The second window's user signs in, with Okta's second port, which is free.
    const second = await scene.signIn(two, provider);
    const answer = await first;
    expect([answer.id, answer.tokenSet]).toEqual([second.id, second.tokenSet]);
    expect(waiting.open).toBe(0);
    expect((await one.sessions.list()).sessions).toHaveLength(1);
  });

  test('refresh in the second window works for a session that it knows only from disk', async () => {
    using windows = await openTwoWindows();
    const { one, two } = windows;
    const { id } = await scene.signIn(one, provider);
    one.sessions[Symbol.dispose]();
    expect([...two.secrets.map.keys()].filter((key) => key.startsWith('session:'))).toEqual([]);
    scene.clock.jump(hour);
    expect((await two.sessions.withFreshToken(id, noSignal)).tokenSet.obtainedAt).toBe(scene.clock.now());
  });

  test('the end of a grant is visible in the second window', async () => {
    using windows = await openTwoWindows();
    const { one, two } = windows;
    const session = await scene.signIn(one, provider);
    if (provider === 'okta') scene.sandbox.okta.endSessions(ana);
    else {
      const { identityCenter } = scene.sandbox;
      identityCenter.endSession(identityCenter.sessionOf(session.tokenSet.accessToken)?.id ?? '');
    }
    const inTwo = changesIn(two);
    await two.sessions.list();
    scene.clock.jump(hour);
    expect((await one.failureOf(one.sessions.withFreshToken(session.id, noSignal))).kind).toBe(
      'grantRevoked',
    );
    await expect.poll(() => inTwo, twoSeconds).toContain(`changed ${session.id}`);
    expect((await two.failureOf(two.sessions.withFreshToken(session.id, noSignal))).kind).toBe(
      'grantRevoked',
    );
    expect(scene.sandbox.requestLog.count(refreshAt[provider])).toBe(1);
  });
});

test.each(providers)('%s: two browsers at one server ended each other’s sign-in', async (provider) => {
  using one = scene.window({ secrets: secretsWithKey() });
  using two = scene.window({ secrets: secretsWithKey(), folder: one.folder });
  const { id } = await scene.signIn(one, provider);
  expect((await two.sessions.list()).lost).toHaveLength(1);
  await scene.signIn(two, provider);
  for (let expiry = 1; expiry <= 2; expiry++) {
    scene.clock.jump(hour);
    for (const { sessions } of [one, two])
      expect((await sessions.withFreshToken(id, noSignal)).tokenSet.obtainedAt).toBe(scene.clock.now());
  }
  await two.sessions.signOut(id, noSignal);
  expect((await two.sessions.list()).sessions).toEqual([]);
  expect((await one.sessions.withFreshToken(id, noSignal)).id).toBe(id);
});
