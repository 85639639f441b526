import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { FlowName } from '../../../src/core/oauth/flows.ts';
import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import type { Headless } from '../headless.ts';
import { ana, personWho } from '../people.ts';
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
 * The result of a sign-in when one of its requests fails permanently. Polls fail once: `goes on` means that the
 * sign-in succeeds with the next poll.
 */
type Row = readonly [
  fault: FaultName,
  /** registerClient, and the device authorization requests of both. */
  start: SignInErrorKind,
  poll: SignInErrorKind | 'goes on',
  metadata: SignInErrorKind,
  /** The code exchange of both. */
  code: SignInErrorKind,
];
type SignInRequestName = Exclude<
  RequestName,
  'logout' | 'revoke' | 'refreshAtIdentityCenter' | 'refreshAtOkta'
>;
const table: readonly Row[] = [
  ['answer lost before processing', 'network', 'goes on', 'network', 'network'],
  // A device code is good for one token: if the token is lost, so is the code.
  ['answer lost after processing', 'network', 'network', 'network', 'network'],
  ['reset before processing', 'network', 'goes on', 'network', 'network'],
  ['reset after processing', 'network', 'network', 'network', 'network'],
  ['hang', 'timeout', 'goes on', 'timeout', 'timeout'],
  ['400 empty', 'invalidResponse', 'goes on', 'metadataMissing', 'invalidResponse'],
  ['400 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['401 empty', 'invalidResponse', 'goes on', 'proxy', 'invalidResponse'],
  ['403 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['407 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['429', 'rateLimited', 'goes on', 'rateLimited', 'rateLimited'],
  ['429 Retry-After', 'rateLimited', 'goes on', 'rateLimited', 'rateLimited'],
  ['500', 'serverError', 'goes on', 'serverError', 'serverError'],
  ['502 page', 'serverError', 'goes on', 'serverError', 'serverError'],
  ['503', 'serverError', 'goes on', 'serverError', 'serverError'],
  // Approval without a token: the service has decided.
  ['200 {}', 'invalidResponse', 'invalidResponse', 'metadataMissing', 'invalidResponse'],
  ['200 with a number as token', 'invalidResponse', 'invalidResponse', 'metadataMissing', 'invalidResponse'],
  ['200 page', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['200 of two megabytes', 'invalidResponse', 'goes on', 'invalidResponse', 'invalidResponse'],
  ['302 to a portal', 'proxy', 'goes on', 'proxy', 'proxy'],
  ['certificate not trusted', 'certificate', 'goes on', 'certificate', 'certificate'],
  ['no such host', 'network', 'goes on', 'network', 'network'],
];

const failing = table.flatMap(([fault, start, , metadata, code]) => [
  { fault, request: 'registerClient' as const, kind: start },
  { fault, request: 'startDeviceAuthorization' as const, kind: start },
  { fault, request: 'deviceAuthorize' as const, kind: start },
  { fault, request: 'metadata' as const, kind: metadata },
  { fault, request: 'code' as const, kind: code },
  { fault, request: 'codeAtIdentityCenter' as const, kind: code },
]);
const polls = (['poll', 'pollAtOkta'] as const).flatMap((request) =>
  table.map(([fault, , outcome]) => ({
    fault,
    request,
    outcome,
  })),
);

test('every fault has a row', () => {
  expect(table.map(([fault]) => fault).toSorted()).toEqual(Object.keys(faults).toSorted());
});

/** The flow of a request. */
const flowOf: Readonly<Record<SignInRequestName, FlowName>> = {
  registerClient: 'deviceCode',
  startDeviceAuthorization: 'deviceCode',
  poll: 'deviceCode',
  codeAtIdentityCenter: 'authorizationCode',
  metadata: 'authorizationCode',
  code: 'authorizationCode',
  deviceAuthorize: 'deviceCode',
  pollAtOkta: 'deviceCode',
};

/** Signs in as Ana with the flow of a request; returns what she sees. */
function signIn(product: Headless, request: SignInRequestName) {
  const flow = flowOf[request];
  const provider = requests[request].at.startsWith('okta.') ? 'okta' : 'identityCenter';
  const { identityCenter, okta } = scene.sandbox;
  const allow = async ({ url, userCode = '' }: InteractionRequest): Promise<void> => {
    if (provider === 'okta') {
      const page = flow === 'deviceCode' ? `${okta.origin}/activate?user_code=${userCode}` : url;
      const { location } = await okta.authorize(page, ana);
      if (location !== undefined) await fetch(location);
    } else if (flow === 'deviceCode') {
      identityCenter.approve(userCode, ana);
    } else {
      await fetch(identityCenter.completeAuthorize(url, ana));
    }
  };
  const allowed = Promise.withResolvers<void>();
  const person = personWho((turn) => allow(turn).finally(() => allowed.resolve()));
  const signingIn = product.sessions.signIn(product[provider], { flow }, person, noSignal);
  const isOver = signingIn.then(
    () => undefined,
    () => undefined,
  );
  // Opening the page takes real time, during which the clock must not advance.
  const whole = Promise.race([allowed.promise, isOver]).then(() =>
    whileTimeFlies(scene.clock, signingIn, Infinity),
  );
  return { person, signingIn: whole };
}

describe('a sign-in', () => {
  test.each(failing)(
    'fails with $kind when $request has the fault $fault',
    async ({ fault, request, kind }) => {
      using product = breakage.window();
      breakage.break(request, faults[fault]);
      const { person, signingIn } = signIn(product, request);

      const failure = await product.failureOf(signingIn);
      expect(failure.kind).toBe(kind);
      expect(breakage.tried(request)).toBe(1);
      expect((await product.sessions.list()).sessions).toEqual([]);
      expect(product.log.at(-1)).toMatch(new RegExp(`^warn Sign-in failed .*"kind":"${kind}"`));
      expect([person.open, scene.clock.sleeping, await areFree(scene.ports)]).toEqual([0, 0, true]);

      breakage.mend();
      const again = await signIn(product, request).signingIn;
      expect((await product.sessions.list()).sessions).toHaveLength(1);
      expect(again.tokenSet.refreshToken).toBeDefined();
    },
  );

  test.each(polls)('$request with the fault $fault: $outcome', async ({ fault, request, outcome }) => {
    using product = breakage.window();
    breakage.break(request, faults[fault], 1);
    const { person, signingIn } = signIn(product, request);
    if (outcome === 'goes on') expect((await signingIn).tokenSet.refreshToken).toBeDefined();
    else expect((await product.failureOf(signingIn)).kind).toBe(outcome);
    const isTriedAgain = outcome !== 'invalidResponse';
    expect(breakage.tried(request)).toBe(isTriedAgain ? 2 : 1);
    const said = product.log.filter((line) => /^warn A poll failed .*"kind":"\w+"/.test(line));
    expect(said).toHaveLength(isTriedAgain ? 1 : 0);
    expect(person.turns).toHaveLength(1);
    expect([person.open, scene.clock.sleeping]).toEqual([0, 0]);
  });
});

test('waits for Retry-After when polling', async () => {
  using product = breakage.window();
  breakage.break('poll', faults['429 Retry-After'], 1);
  await signIn(product, 'poll').signingIn;
  const [first, second] = scene.sandbox.requestLog.list(requests.poll.at);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(120_000);
});
