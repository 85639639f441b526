import { describe, expect, test } from 'vitest';
import { SignInError } from '../../src/core/oauth/errors.ts';
import { ana, personWho, signingInAtOkta } from './people.ts';
import type { TestPerson } from './people.ts';
import { areFree } from './ports.ts';
import { useSandbox } from './scene.ts';
import type { Provider } from './scene.ts';
import { pollsOnly, until } from './testClock.ts';

const scene = useSandbox();

/** A step of a sign-in at which it can be canceled. */
interface Step {
  readonly provider: Provider;
  readonly name: string;
  /** The request that hangs at that step; without one, the sign-in waits for the browser. */
  readonly asking?: string;
  /** Who can cancel then: the caller through its signal, and the user if there is a prompt. */
  readonly ways: readonly ('signal' | 'person')[];
  /**
   * Whether the server lists `iss` in callbacks; otherwise, the question about the issuer comes before the
   * browser.
   */
  readonly announcesIss?: true;
}

const steps: readonly Step[] = [
  {
    provider: 'identityCenter',
    name: 'the registration',
    asking: 'identityCenter.registerClient',
    ways: ['signal'],
  },
  {
    provider: 'identityCenter',
    name: 'the device authorization',
    asking: 'identityCenter.startDeviceAuthorization',
    ways: ['signal'],
  },
  { provider: 'identityCenter', name: 'the wait between polls', ways: ['signal', 'person'] },
  {
    provider: 'identityCenter',
    name: 'a poll',
    asking: 'identityCenter.createToken:device_code',
    ways: ['signal', 'person'],
  },
  { provider: 'okta', name: 'the metadata', asking: 'okta.metadata', ways: ['signal'] },
  { provider: 'okta', name: 'the wait for the redirect', ways: ['signal', 'person'] },
  {
    provider: 'okta',
    name: 'the redirect URI probe',
    asking: 'okta.authorize',
    ways: ['signal'],
  },
  {
    provider: 'okta',
    name: 'the redirect URI probe next to the browser',
    asking: 'okta.authorize',
    ways: ['signal', 'person'],
    announcesIss: true,
  },
  {
    provider: 'okta',
    name: 'the token request',
    asking: 'okta.token:authorization_code',
    ways: ['signal', 'person'],
  },
];

const rows = steps.flatMap((step) => step.ways.map((way) => ({ ...step, way })));

/** Number of servers that listen in this process. */
const listening = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

/** Resolves when the sign-in has reached the step. */
async function arriveAt({ provider, asking, announcesIss }: Step, person: TestPerson): Promise<void> {
  await until(() => asking !== undefined || (person.turns.length === 1 && scene.clock.sleeping === 1));
  if (asking === undefined) return;
  if (asking.includes('device_code')) {
    await until(() => scene.clock.sleeping === 1);
    scene.clock.wakeNext(pollsOnly);
  }
  await until(() => scene.sandbox.requestLog.count(asking) === 1);
  if (announcesIss === true) {
    await until(() => scene.clock.wakeNext(1000)); // The browser opens without an answer.
    await until(() => person.open === 1);
  }
  expect(provider === 'okta' || scene.clock.sleeping === 0).toBe(true);
}

describe('canceling at every step', () => {
  test.each(rows)(
    '$provider: $name, canceled by $way, ends immediately and leaves nothing behind',
    async (row) => {
      using product = scene.window();
      const before = listening();
      const gaveUp = new AbortController();
      const needsBrowser = row.asking === 'okta.token:authorization_code';
      const person = needsBrowser ? signingInAtOkta(scene.sandbox, ana) : personWho();
      if (row.asking !== undefined) scene.sandbox.faults.add({ at: row.asking, hang: true });
      if (row.announcesIss === true) {
        const announced = { authorization_response_iss_parameter_supported: true };
        scene.sandbox.okta.patchMetadata((document) => ({ ...document, ...announced }));
      }

      const failing = product.failureOf(
        product.sessions.signIn(product[row.provider], {}, person, gaveUp.signal),
      );
      await arriveAt(row, person);
      const asked = scene.requests();
      if (row.way === 'person') person.giveUp();
      else gaveUp.abort(new SignInError('cancelled'));

      expect((await failing).kind).toBe('cancelled');
      expect(scene.requests()).toEqual(asked);
      expect([person.open, scene.clock.sleeping, await areFree(scene.ports)]).toEqual([0, 0, true]);
      await until(() => product.inFlight === 0);
      await until(() => listening() === before);
      expect((await product.sessions.list()).sessions).toEqual([]);
      expect(product.log.filter((line) => line.startsWith('warn'))).toEqual([]);
    },
    5000,
  );

  test.each(['identityCenter', 'okta'] as const)(
    '%s: canceled before it starts, sends nothing',
    async (provider) => {
      using product = scene.window();
      const person = personWho();
      const signal = AbortSignal.abort(new SignInError('cancelled'));
      const failure = await product.failureOf(product.sessions.signIn(product[provider], {}, person, signal));
      expect(failure.kind).toBe('cancelled');
      expect([scene.requests(), person.turns]).toEqual([[], []]);
    },
  );

  test.each(['identityCenter', 'okta'] as const)(
    '%s: closing the window cancels the sign-in',
    async (provider) => {
      using product = scene.window();
      const person = personWho();
      const failing = product.failureOf(
        product.sessions.signIn(product[provider], {}, person, new AbortController().signal),
      );
      await until(() => person.turns.length === 1 && scene.clock.sleeping === 1);
      product.sessions[Symbol.dispose]();
      expect((await failing).kind).toBe('cancelled');
      expect([person.open, scene.clock.sleeping, await areFree(scene.ports)]).toEqual([0, 0, true]);
    },
  );
});

test('a sign-in works after a canceled one', async () => {
  using product = scene.window();
  const person = personWho();
  const failing = product.failureOf(
    product.sessions.signIn(product.identityCenter, {}, person, new AbortController().signal),
  );
  await until(() => person.open === 1);
  person.giveUp();
  expect((await failing).kind).toBe('cancelled');
  const session = await scene.signIn(product, 'identityCenter');
  expect(session.account.label).toBe('d-9067642ac7.awsapps.com');
});
