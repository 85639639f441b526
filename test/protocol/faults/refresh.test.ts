import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { hour, noSignal, providers, useSandbox } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { until } from '../testClock.ts';
import { useBreakage } from './breakage.ts';
import type { RequestName } from './breakage.ts';
import { faults } from './faults.ts';
import type { FaultName } from './faults.ts';

const scene = useSandbox({ identityCenter: { refreshGraceSeconds: 30 }, okta: { refreshGraceSeconds: 30 } });
const breakage = useBreakage(scene);

const requestOf: Readonly<Record<Provider, RequestName>> = {
  identityCenter: 'refreshAtIdentityCenter',
  okta: 'refreshAtOkta',
};

/**
 * The error of a request for an expired token when refreshes fail permanently; none of these ends a session.
 * `requests`: two if the response may be lost, since the same token is then tried again at once. `seconds`: time
 * until another caller causes a request.
 */
type Row = readonly [fault: FaultName, kind: SignInErrorKind, requests: 1 | 2, seconds: number];
const table: readonly Row[] = [
  ['answer lost before processing', 'network', 2, 5],
  ['answer lost after processing', 'network', 2, 5],
  ['reset before processing', 'network', 2, 5],
  ['reset after processing', 'network', 2, 5],
  ['hang', 'timeout', 2, 5],
  ['400 empty', 'invalidResponse', 1, 5],
  ['400 page', 'proxy', 1, 5],
  ['401 empty', 'invalidResponse', 1, 5],
  ['403 page', 'proxy', 1, 5],
  ['407 page', 'proxy', 1, 5],
  ['429', 'rateLimited', 1, 5],
  ['429 Retry-After', 'rateLimited', 1, 240],
  ['500', 'serverError', 1, 5],
  ['502 page', 'serverError', 1, 5],
  ['503', 'serverError', 1, 5],
  ['200 {}', 'invalidResponse', 1, 5],
  ['200 with a number as token', 'invalidResponse', 1, 5],
  ['200 page', 'proxy', 1, 5],
  ['200 of two megabytes', 'invalidResponse', 1, 5],
  ['302 to a portal', 'proxy', 1, 5],
  ['certificate not trusted', 'certificate', 1, 5],
  ['no such host', 'network', 2, 5],
];
const rows = table.map(([fault, kind, requests, seconds]) => ({ fault, kind, requests, seconds }));
/** Jitter shortens the back-off by up to half; a server's Retry-After is never shortened. */
const tooEarly = 0.45;

test('every fault has a row', () => {
  expect(rows.map(({ fault }) => fault).toSorted()).toEqual(Object.keys(faults).toSorted());
});

describe.each(providers)('a refresh at %s', (provider) => {
  const request = requestOf[provider];

  test.each(rows)('$fault: serves the valid token, asks nothing, and logs $kind', async (row) => {
    using product = breakage.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    const before = breakage.tried(request);
    scene.clock.jump(hour - 65_000);
    breakage.break(request, faults[row.fault]);

    expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
    await until(() => product.sessions.lastFailure(id) !== undefined);
    expect(breakage.tried(request) - before).toBe(row.requests);
    expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
    expect(product.log.at(-1)).toMatch(
      new RegExp(`^warn Refresh failed .*"kind":"${row.kind}".*"effect":"kept"`),
    );
    expect((await product.sessions.list()).sessions[0]?.ended).toBeUndefined();
  });

  test.each(rows)('$fault: reports an expired token as $kind, and keeps the session', async (row) => {
    using product = breakage.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    const before = breakage.tried(request);
    scene.clock.jump(hour);
    breakage.break(request, faults[row.fault]);

    const failure = await product.failureOf(product.sessions.withFreshToken(id, noSignal));
    expect(failure.kind).toBe(row.kind);
    expect(breakage.tried(request) - before).toBe(row.requests);
    expect((await product.sessions.list()).sessions[0]?.ended).toBeUndefined();

    breakage.mend();
    scene.clock.jump(row.seconds * 1000 * tooEarly);
    const early = await product.failureOf(product.sessions.withFreshToken(id, noSignal));
    expect(early.kind).toBe(row.kind);
    expect(breakage.tried(request) - before).toBe(row.requests);

    scene.clock.jump(row.seconds * 1000 * (1 - tooEarly));
    const { tokenSet: fresh } = await product.sessions.withFreshToken(id, noSignal);
    expect(fresh.accessToken).not.toBe(tokenSet.accessToken);
    expect(product.sessions.lastFailure(id)).toBeUndefined();
  });

  test.each(rows.filter(({ requests }) => requests === 2))(
    '$fault, once: the caller gets a token from the second request',
    async ({ fault }) => {
      using product = breakage.window();
      const { id, tokenSet } = await scene.signIn(product, provider);
      const before = breakage.tried(request);
      scene.clock.jump(hour);
      breakage.break(request, faults[fault], 1);
      const { tokenSet: fresh } = await product.sessions.withFreshToken(id, noSignal);
      expect(fresh.accessToken).not.toBe(tokenSet.accessToken);
      expect(breakage.tried(request) - before).toBe(2);
      expect(product.sessions.lastFailure(id)).toBeUndefined();
      expect(scene.sandbox.okta.stats().reusesAfterGrace).toBe(0);
      expect(scene.sandbox.identityCenter.stats().reusesAfterGrace).toBe(0);
    },
  );
});

// Regression: the next attempt came after thirty seconds, and so after the grace period.
test.each([502, 504])('a %d that replaces a lost response does not end the session', async (status) => {
  using product = breakage.window();
  const { id, tokenSet } = await scene.signIn(product, 'identityCenter');
  scene.clock.jump(hour - 65_000);
  breakage.break('refreshAtIdentityCenter', { rule: { status, body: '', process: true } }, 1);
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
  await until(() => product.sessions.lastFailure(id) !== undefined && scene.clock.sleeping > 0);
  scene.clock.wakeNext(30_000);
  await until(() => product.sessions.lastFailure(id) === undefined);
  const [stored] = (await product.sessions.list()).sessions;
  expect([stored?.ended, stored?.tokenSet.obtainedAt]).toEqual([undefined, scene.clock.now()]);
});
