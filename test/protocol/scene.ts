import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import type { SandboxOptions, Sandbox } from '../sandbox/sandbox.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { headless } from './headless.ts';
import type { Headless, HeadlessOptions } from './headless.ts';
import { ana, approving, signingInAtOkta } from './people.ts';
import { freePorts } from '../unit/fakes/ports.ts';
import { createTestClock, whileTimeFlies } from './testClock.ts';
import type { TestClock } from './testClock.ts';

export const noSignal = new AbortController().signal;
export const hour = 3600_000;

/** Both kinds of identity provider, for tests that apply to both. */
export type Provider = 'identityCenter' | 'okta';
export const providers: readonly Provider[] = ['identityCenter', 'okta'];

/** The sandbox's name for a refresh at each. */
export const refreshAt: Readonly<Record<Provider, string>> = {
  identityCenter: 'identityCenter.createToken:refresh_token',
  okta: 'okta.token:refresh_token',
};

/** Shared by the tests of one file. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  /** The ports of Okta's redirect URIs, in order. */
  readonly ports: readonly number[];
  /** A window on the scene's clock. */
  window(options?: HeadlessOptions): Headless;
  /** Signs in without delay, as Ana by default. */
  signIn(window: Headless, provider: Provider, username?: string): Promise<Session>;
  /** The operations of all requests by the product, excluding a browser's, in order. */
  requests(): readonly string[];
}

/**
 * A sandbox for the tests of one file, on a clock controlled by the test (Okta's tokens use the machine's clock),
 * with redirect URIs on separate ports, so that files can run in parallel. Faults and counters are reset after
 * each test.
 */
export function useSandbox(options: SandboxOptions = {}): Scene {
  const clock = createTestClock();
  let sandbox: Sandbox | undefined;
  let ports: readonly number[] = [];
  const running = (): Sandbox => {
    if (sandbox === undefined) throw new Error('The sandbox runs while tests do.');
    return sandbox;
  };
  beforeAll(async () => {
    ports = await freePorts(3);
    const redirectUris = ports.map((port) => `http://localhost:${port}/oauth/callback`);
    sandbox = await startSandbox({
      now: () => clock.now(),
      ...options,
      okta: { redirectUris, now: Date.now, ...options.okta },
    });
  });
  afterEach(() => {
    sandbox?.faults.clear();
    sandbox?.requestLog.clear();
    sandbox?.okta.patchMetadata((document) => document);
  });
  afterAll(() => sandbox?.close());

  const window = (given: HeadlessOptions = {}): Headless => headless(running(), { clock, ...given });
  return {
    get sandbox() {
      return running();
    },
    get ports() {
      return ports;
    },
    clock,
    window,
    signIn: async (product, provider, username = ana) => {
      const isOkta = provider === 'okta';
      const person = (isOkta ? signingInAtOkta : approving)(running(), username);
      const signingIn = product.sessions.signIn(product[provider], {}, person, noSignal);
      return isOkta ? signingIn : whileTimeFlies(clock, signingIn);
    },
    requests: () =>
      running()
        .requestLog.list()
        .map(({ operation }) => operation)
        .filter((operation) => !browserSteps.has(operation)),
  };
}

const browserSteps = new Set(['okta.authorize', 'okta.signIn', 'okta.resume']);
