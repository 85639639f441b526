import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fromSso } from '@aws-sdk/token-providers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { awsCliCachePath, createAwsCliCache } from '../../src/adapters/node/awsCliCache.ts';
import type { AwsCli } from '../../src/features/awsCli.ts';
import { errorAnswer } from '../sandbox/identityCenter/apiError.ts';
import { hour, noSignal, refreshAt, useSandbox } from './scene.ts';
import type { Scene } from './scene.ts';
import { until, whileTimeFlies } from './testClock.ts';

/** The SDK refreshes within the last five minutes of a token. */
const nearlyOver = hour - 3 * 60_000;

const scene = useSandbox();
/** A service that accepts a replaced refresh token for a moment, as it must for clients without a lock. */
const lenient = useSandbox({ identityCenter: { refreshGraceSeconds: 30 } });
const unrotating = useSandbox({ identityCenter: { rotateRefreshToken: false } });

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'developer-sign-in-home-'));
  // The SDK uses the machine's home folder, clock and profile.
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_PROFILE', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

/** A session shared under its own name, and an SDK that has only the configuration and the cache. */
async function shared(place: Scene) {
  const { identityCenter } = place.sandbox.describe();
  const { startUrl, region } = identityCenter;
  const name = `company-${home.slice(-6)}`;
  const configuration = join(home, '.aws', 'config');
  mkdirSync(dirname(configuration), { recursive: true });
  writeFileSync(
    configuration,
    `[profile work]\nsso_session = ${name}\n[sso-session ${name}]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n`,
  );
  const endpoint = identityCenter.endpoint.replace('{region}', region);
  const provide = fromSso({ profile: 'work', clientConfig: { endpoint } });
  const awsCli: AwsCli = {
    wanted: async () => ({ name }),
    cache: async () => createAwsCliCache(home),
  };
  const product = place.window({ awsCli });
  vi.setSystemTime(place.clock.now());
  const { id } = await place.signIn(product, 'identityCenter');
  place.sandbox.requestLog.clear();
  const path = awsCliCachePath(home, name);
  return {
    product,
    id,
    path,
    file: () => JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>,
    sdk: async () => (await provide()).token,
    fresh: async () => (await product.sessions.withFreshToken(id, noSignal)).tokenSet.accessToken,
    refreshes: () => place.sandbox.requestLog.count(refreshAt.identityCenter),
    /** Advances the clock without running anything, as on a machine that sleeps. */
    later: (milliseconds: number) => {
      place.clock.jump(milliseconds);
      vi.setSystemTime(place.clock.now());
    },
    isUsable: async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(place.sandbox.identityCenter.protectedUrl, { headers })).ok;
    },
    [Symbol.dispose]: () => product[Symbol.dispose](),
  };
}

test('the SDK reads our file unchanged, without a request', async () => {
  using all = await shared(scene);
  expect(await all.sdk()).toBe(await all.fresh());
  expect(all.refreshes()).toBe(0);
  expect(statSync(all.path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  expect(Object.keys(all.file())).toEqual([
    ...['startUrl', 'region', 'accessToken', 'expiresAt', 'clientId', 'clientSecret'],
    ...['registrationExpiresAt', 'refreshToken'],
  ]);
  expect(all.file()['expiresAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test('the SDK refreshes our token and our session continues with the result, and vice versa', async () => {
  using all = await shared(scene);
  const first = await all.fresh();
  all.later(nearlyOver);
  const bySdk = await all.sdk();
  expect(bySdk).not.toBe(first);
  all.later(115_000); // Advance to a time at which a refresh is due, whatever its jitter.
  await all.fresh(); // The token is served for its last minute, and checked in the background.
  await until(() =>
    all.product.log.some((line) => line.startsWith('info Refreshed by the AWS CLI or an SDK')),
  );
  expect(await all.fresh()).toBe(bySdk);
  expect(all.refreshes()).toBe(1);

  all.later(hour);
  const byUs = await all.fresh();
  expect(byUs).not.toBe(bySdk);
  expect(await all.sdk()).toBe(byUs);
  expect(all.refreshes()).toBe(2);
  expect(scene.sandbox.identityCenter.stats().reusesAfterGrace).toBe(0);
});

test('an expired token is replaced by the one that the SDK fetched, without our own refresh', async () => {
  using all = await shared(scene);
  all.later(nearlyOver);
  const bySdk = await all.sdk();
  all.later(5 * 60_000);
  expect(await all.fresh()).toBe(bySdk);
  expect(all.refreshes()).toBe(1);
});

test('alternating refreshes, hour after hour, never reuse a refresh token', async () => {
  using all = await shared(scene);
  for (let round = 1; round <= 6; round++) {
    all.later(nearlyOver);
    const token =
      round % 2 === 0
        ? await all.sdk()
        : (await all.product.sessions.refresh(all.id, noSignal)).tokenSet.accessToken;
    expect(await all.isUsable(token)).toBe(true);
    expect(await all.sdk()).toBe(token);
  }
  expect(all.refreshes()).toBe(6);
  expect(scene.sandbox.identityCenter.stats().reusesAfterGrace).toBe(0);
});

test('concurrent refreshes keep the session, and both sides get valid tokens, repeatedly', async () => {
  using all = await shared(lenient);
  for (let round = 0; round < 4; round++) {
    all.later(nearlyOver);
    // Both have sent the same refresh token before either gets a response.
    lenient.sandbox.faults.add({ at: refreshAt.identityCenter, delayMs: 60, times: 2 });
    const refreshing = all.product.sessions.refresh(all.id, noSignal);
    const [ours, theirs] = await Promise.all([whileTimeFlies(lenient.clock, refreshing), all.sdk()]);
    expect(await all.isUsable(ours.tokenSet.accessToken)).toBe(true);
    expect(await all.isUsable(theirs)).toBe(true);
  }
  all.later(hour);
  expect(await all.isUsable(await all.fresh())).toBe(true);
  expect(await all.isUsable(await all.sdk())).toBe(true);
  expect((await all.product.sessions.list()).sessions[0]?.ended).toBeUndefined();
  const { reusesInsideGrace, reusesAfterGrace } = lenient.sandbox.identityCenter.stats();
  expect([reusesInsideGrace > 0, reusesAfterGrace]).toEqual([true, 0]);
});

test('concurrent refreshes with single-use refresh tokens: we wait for the SDK’s result, and the session continues', async () => {
  using all = await shared(scene);
  all.later(hour);
  const { body, status, headers } = errorAnswer('InvalidGrantException');
  scene.sandbox.faults.add({ at: refreshAt.identityCenter, status, body, headers });
  const refreshing = all.product.sessions.withFreshToken(all.id, noSignal);
  await until(() => all.refreshes() === 1);
  const bySdk = await all.sdk();
  expect((await whileTimeFlies(scene.clock, refreshing)).tokenSet.accessToken).toBe(bySdk);
  expect(await all.isUsable(bySdk)).toBe(true);
});

test('a revoked grant ends the session, with or without the CLI', async () => {
  using all = await shared(scene);
  scene.sandbox.identityCenter.endSession(
    scene.sandbox.identityCenter.sessionOf(await all.fresh())?.id ?? '',
  );
  all.later(hour);
  const failing = all.product.failureOf(all.product.sessions.withFreshToken(all.id, noSignal));
  expect((await whileTimeFlies(scene.clock, failing)).kind).toBe('grantRevoked');
});

test('a refresh token that was not replaced is restored after the SDK drops it', async () => {
  using all = await shared(unrotating);
  const { refreshToken } = all.file();
  all.later(nearlyOver);
  const bySdk = await all.sdk();
  expect(all.file()['refreshToken']).toBeUndefined();
  all.later(5 * 60_000);
  expect(await all.fresh()).toBe(bySdk);
  expect(all.file()).toMatchObject({ refreshToken, accessToken: bySdk });
  all.later(nearlyOver);
  expect(await all.isUsable(await all.sdk())).toBe(true);
});

test('a sign-out removes the file, and ends the session with the SDK’s token', async () => {
  using all = await shared(scene);
  all.later(nearlyOver);
  await all.sdk();
  const outcome = await all.product.sessions.signOut(all.id, noSignal);
  expect(outcome.notConfirmed).toBeUndefined();
  expect(outcome.unremovedEntry).toBeUndefined();
  expect(() => readFileSync(all.path)).toThrow(/ENOENT/);
  await expect(all.sdk()).rejects.toThrow(/not found or is invalid/);
});

test('a sign-in by the CLI itself is neither overwritten nor removed', async () => {
  using all = await shared(scene);
  const own = { ...all.file(), clientId: 'of-aws-sso-login', accessToken: 'of-aws-sso-login' };
  writeFileSync(all.path, JSON.stringify(own));
  all.later(hour);
  await all.fresh();
  expect(all.file()).toEqual(own);
  await all.product.sessions.signOut(all.id, noSignal);
  expect(all.file()).toEqual(own);
});

test('ending sharing removes the file and keeps the session', async () => {
  using all = await shared(scene);
  await all.product.cliSharing.share(all.id, undefined, noSignal);
  expect(() => readFileSync(all.path)).toThrow(/ENOENT/);
  expect(await all.isUsable(await all.fresh())).toBe(true);
});

test.each(['#/', '/', '/#/', '#'])(
  'F3: a section that spells the start URL with %s does not lose sessions, and a sign-out leaves nothing',
  async (ending) => {
    using all = await shared(scene);
    all.later(nearlyOver);
    const bySdk = await all.sdk();
    // As botocore writes it: with the start URL as spelled in the section.
    const { startUrl, ...rest } = all.file();
    writeFileSync(all.path, JSON.stringify({ ...rest, startUrl: `${startUrl ?? ''}${ending}` }));
    // File times come from the machine's clock.
    utimesSync(all.path, scene.clock.now() / 1000, scene.clock.now() / 1000);
    all.later(10 * 60_000);
    expect(await all.fresh()).toBe(bySdk);
    all.later(hour);
    const byUs = await all.fresh();
    expect(byUs).not.toBe(bySdk);
    expect(await all.isUsable(byUs)).toBe(true);
    expect(await all.sdk()).toBe(byUs);
    expect(scene.sandbox.identityCenter.stats().reusesAfterGrace).toBe(0);
    const outcome = await all.product.sessions.signOut(all.id, noSignal);
    expect(outcome.unremovedEntry).toBeUndefined();
    expect(() => readFileSync(all.path)).toThrow(/ENOENT/);
  },
);

test('a removed file is written again only with the user’s consent', async () => {
  using all = await shared(scene);
  const { cliSharing, sessions } = all.product;
  const pausedOf = async () => {
    const [session] = (await sessions.list()).sessions;
    return session?.type === 'identityCenter' ? session.awsCli?.paused : undefined;
  };
  rmSync(all.path); // As `aws sso logout` does.
  all.later(hour);
  const token = await all.fresh();
  expect(() => readFileSync(all.path)).toThrow(/ENOENT/);
  expect(await pausedOf()).toBe('removed');
  expect(await cliSharing.claimQuestion(all.id)).toBe(true);
  expect(await cliSharing.claimQuestion(all.id)).toBe(false);
  await cliSharing.share(all.id, `company-${home.slice(-6)}`, noSignal);
  expect(all.file()['accessToken']).toBe(token);
  expect(await pausedOf()).toBeUndefined();
});
