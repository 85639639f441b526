import { describe, expect, test } from 'vitest';
import { ana, approving, personWho, signingInAtOkta } from '../people.ts';
import { noSignal, useSandbox } from '../scene.ts';
import { until, whileTimeFlies } from '../testClock.ts';
import { requests } from './breakage.ts';

const scene = useSandbox();

const hour = 3600;
const year = 366 * 24 * 3600;

/**
 * A token lifetime in a response, as JSON, and the number of seconds that it is treated as. openid-client alone
 * would reject a response with an invalid lifetime, and so lose the only refresh token.
 */
type Row = readonly [says: string | undefined, seconds: number];
const table: readonly Row[] = [
  [undefined, hour],
  ['1800', 1800],
  ['"1800"', 1800],
  ['0', hour],
  ['-5', hour],
  ['"soon"', hour],
  ['null', hour],
  ['1e12', year],
];

const member = (name: string, says: string | undefined): string =>
  says === undefined ? '' : `,"${name}":${says}`;
const atIdentityCenter = (says: string | undefined): string =>
  `{"accessToken":"lifetime-access-1","refreshToken":"lifetime-refresh-1","tokenType":"Bearer"${member('expiresIn', says)}}`;
const atOkta = (says: string | undefined): string =>
  `{"access_token":"lifetime-access-1","refresh_token":"lifetime-refresh-1","token_type":"Bearer"${member('expires_in', says)}}`;

describe.each(table)('an expiry of %s', (says, seconds) => {
  test(`is ${seconds} at an Identity Center sign-in and refresh`, async () => {
    using product = scene.window();
    scene.sandbox.faults.add({ at: requests.poll.at, body: atIdentityCenter(says) });
    const signingIn = product.sessions.signIn(
      product.identityCenter,
      {},
      approving(scene.sandbox, ana),
      noSignal,
    );
    const session = await whileTimeFlies(scene.clock, signingIn);
    expect(session.tokenSet.expiresAt - scene.clock.now()).toBe(seconds * 1000);

    scene.sandbox.faults.add({ at: requests.refreshAtIdentityCenter.at, body: atIdentityCenter(says) });
    scene.clock.jump(60_000);
    const { tokenSet } = await product.sessions.refresh(session.id, noSignal);
    expect(tokenSet.expiresAt - scene.clock.now()).toBe(seconds * 1000);
  });

  test(`is ${seconds} at an Okta sign-in`, async () => {
    using product = scene.window();
    scene.sandbox.faults.add({ at: requests.code.at, body: atOkta(says) });
    const person = signingInAtOkta(scene.sandbox, ana);
    const signingIn = product.sessions.signIn(product.okta, {}, person, noSignal);
    const { tokenSet } = await signingIn;
    expect((tokenSet.expiresAt - scene.clock.now()) / 1000).toBe(seconds);
  });

  test(`is ${seconds} at an Okta refresh`, async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, 'okta');
    scene.sandbox.faults.add({ at: requests.refreshAtOkta.at, body: atOkta(says) });
    scene.clock.jump(60_000);
    const refreshing = product.sessions.refresh(id, noSignal);
    const { tokenSet } = await refreshing;
    expect((tokenSet.expiresAt - scene.clock.now()) / 1000).toBe(seconds);
    expect((await product.sessions.list()).sessions[0]?.ended).toBeUndefined();
  });
});

/** Seconds that a device code is shown for, whatever the response says. */
const codes: readonly (readonly [says: string | undefined, seconds: number])[] = [
  [undefined, 600],
  ['900', 900],
  ['"900"', 900],
  ['0', 600],
  ['-5', 600],
  ['1', 30],
  ['1e12', 3600],
];

test.each(codes)('a device code with an expiry of %s is shown for %d seconds', async (says, seconds) => {
  using product = scene.window();
  const page = `${scene.sandbox.identityCenter.origin}/device`;
  const code = `"deviceCode":"lifetime-device-1","userCode":"ABCD-EFGH","verificationUri":"${page}"`;
  const body = `{${code}${member('expiresIn', says)}}`;
  scene.sandbox.faults.add({ at: requests.startDeviceAuthorization.at, body });
  const person = personWho();
  const failing = product.failureOf(product.sessions.signIn(product.identityCenter, {}, person, noSignal));
  await until(() => person.open === 1);
  expect(((person.turns[0]?.expiresAt ?? 0) - scene.clock.now()) / 1000).toBe(seconds);
  person.giveUp();
  await failing;
});
