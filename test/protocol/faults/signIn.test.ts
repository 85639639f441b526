import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/errors.ts';
import { ana, approving, signingInAtOkta } from '../people.ts';
import { areFree } from '../ports.ts';
import { noSignal, useSandbox } from '../scene.ts';
import { whileTimeFlies } from '../testClock.ts';
import { requests, useBreakage } from './breakage.ts';
import type { RequestName } from './breakage.ts';
import { faults } from './faults.ts';
import type { FaultName } from './faults.ts';

const scene = useSandbox();
const breakage = useBreakage(scene);

/**
 * What a sign-in ends with when a request of it goes wrong for good. A poll goes wrong once: `goes on` is a sign-in
 * that succeeds with the next.
 */
type Row = readonly [
  fault: FaultName,
  /** registerClient and startDeviceAuthorization. */
  identityCenter: SignInErrorKind,
  poll: SignInErrorKind | 'goes on',
  metadata: SignInErrorKind,
  code: SignInErrorKind,
];
const table: readonly Row[] = [
  ['answer lost before processing', 'network', 'goes on', 'network', 'network'],
  // A device code is good for one token: when that is lost, so is the code.
  ['answer lost after processing', 'network', 'codeExpired', 'network', 'network'],
  ['reset before processing', 'network', 'goes on', 'network', 'network'],
  ['reset after processing', 'network', 'codeExpired', 'network', 'network'],
  ['hang', 'timeout', 'goes on', 'timeout', 'timeout'],
  ['400 empty', 'unexpectedAnswer', 'goes on', 'metadataMissing', 'unexpectedAnswer'],
  ['400 page', 'unexpectedAnswer', 'goes on', 'metadataMissing', 'unexpectedAnswer'],
  ['401 empty', 'unexpectedAnswer', 'goes on', 'metadataMissing', 'unexpectedAnswer'],
  ['403 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['407 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['429', 'rateLimited', 'goes on', 'rateLimited', 'rateLimited'],
  ['429 Retry-After', 'rateLimited', 'goes on', 'rateLimited', 'rateLimited'],
  ['500', 'serverError', 'goes on', 'serverError', 'serverError'],
  ['502 page', 'serverError', 'goes on', 'serverError', 'serverError'],
  ['503', 'serverError', 'goes on', 'serverError', 'serverError'],
  // A yes without a token: the service has decided.
  ['200 {}', 'unexpectedAnswer', 'unexpectedAnswer', 'metadataMissing', 'unexpectedAnswer'],
  ['200 page', 'unexpectedAnswer', 'goes on', 'metadataMissing', 'unexpectedAnswer'],
  ['200 of two megabytes', 'unexpectedAnswer', 'goes on', 'unexpectedAnswer', 'unexpectedAnswer'],
  ['302 to a portal', 'unexpectedAnswer', 'goes on', 'metadataMissing', 'unexpectedAnswer'],
  ['certificate not trusted', 'certificate', 'goes on', 'certificate', 'certificate'],
  ['no such host', 'network', 'goes on', 'network', 'network'],
];

const failing = table.flatMap(([fault, identityCenter, , metadata, code]) => [
  { fault, request: 'registerClient' as const, kind: identityCenter },
  { fault, request: 'startDeviceAuthorization' as const, kind: identityCenter },
  { fault, request: 'metadata' as const, kind: metadata },
  { fault, request: 'code' as const, kind: code },
]);

test('every fault has its row', () => {
  expect(table.map(([fault]) => fault).toSorted()).toEqual(Object.keys(faults).toSorted());
});

function isOkta(request: RequestName): boolean {
  return requests[request].at.startsWith('okta.');
}

/** Signs in as Ana, with the surface she sees. */
function signIn(product: ReturnType<typeof breakage.window>, request: RequestName) {
  const person = (isOkta(request) ? signingInAtOkta : approving)(scene.sandbox, ana);
  const connection = isOkta(request) ? product.okta : product.identityCenter;
  const signingIn = product.sessions.signIn(connection, {}, person, noSignal);
  return {
    person,
    signingIn: isOkta(request) ? signingIn : whileTimeFlies(scene.clock, signingIn, Infinity),
  };
}

describe('a sign-in', () => {
  test.each(failing)('$request: $fault is $kind', async ({ fault, request, kind }) => {
    using product = breakage.window();
    breakage.break(request, faults[fault]);
    const { person, signingIn } = signIn(product, request);

    const failure = await product.failureOf(signingIn);
    expect(failure.kind).toBe(kind);
    expect(breakage.tried(request)).toBe(1);
    expect((await product.sessions.list()).sessions).toEqual([]);
    expect(product.log.at(-1)).toMatch(new RegExp(`^warn A sign-in failed .*"kind":"${kind}"`));
    expect([person.open, scene.clock.sleeping, await areFree(scene.ports)]).toEqual([0, 0, true]);

    breakage.mend();
    const again = await signIn(product, request).signingIn;
    expect((await product.sessions.list()).sessions).toHaveLength(1);
    expect(again.tokenSet.refreshToken).toBeDefined();
  });

  test.each(table.map(([fault, , outcome]) => ({ fault, outcome })))(
    'poll: $fault: $outcome',
    async ({ fault, outcome }) => {
      using product = breakage.window();
      breakage.break('poll', faults[fault], 1);
      const { person, signingIn } = signIn(product, 'poll');
      if (outcome === 'goes on') expect((await signingIn).type).toBe('identityCenter');
      else expect((await product.failureOf(signingIn)).kind).toBe(outcome);
      const isTriedAgain = outcome !== 'unexpectedAnswer';
      expect(breakage.tried('poll')).toBe(isTriedAgain ? 2 : 1);
      const said = product.log.filter((line) => /^warn A poll failed .*"kind":"\w+"/.test(line));
      expect(said).toHaveLength(isTriedAgain ? 1 : 0);
      expect(person.turns).toHaveLength(1);
      expect([person.open, scene.clock.sleeping]).toEqual([0, 0]);
    },
  );
});

/** Answers with a number where text belongs. */
const numbers: readonly (readonly [RequestName, object, SignInErrorKind])[] = [
  ['registerClient', { clientId: 1, clientSecret: 2 }, 'unexpectedAnswer'],
  ['startDeviceAuthorization', { deviceCode: 1, userCode: 2, verificationUri: 3 }, 'unexpectedAnswer'],
  ['metadata', { issuer: 1 }, 'metadataMissing'],
  ['code', { access_token: 1, token_type: 'Bearer' }, 'unexpectedAnswer'],
];

test.each(numbers)('%s: a number where text belongs (%o) is %s', async (request, body, kind) => {
  using product = breakage.window();
  breakage.break(request, { rule: { body: JSON.stringify(body) } });
  expect((await product.failureOf(signIn(product, request).signingIn)).kind).toBe(kind);
});

test('poll: a number as token is unexpectedAnswer', async () => {
  using product = breakage.window();
  breakage.break('poll', { rule: { body: JSON.stringify({ accessToken: 1, tokenType: 'Bearer' }) } });
  expect((await product.failureOf(signIn(product, 'poll').signingIn)).kind).toBe('unexpectedAnswer');
});

test('poll: Retry-After is waited for', async () => {
  using product = breakage.window();
  breakage.break('poll', faults['429 Retry-After'], 1);
  await signIn(product, 'poll').signingIn;
  const [first, second] = scene.sandbox.requestLog.list(requests.poll.at);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(120_000);
});
