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

/** The two kinds of identity provider, for tests that hold for both. */
export type Provider = 'identityCenter' | 'okta';
export const providers: readonly Provider[] = ['identityCenter', 'okta'];

/** How the sandbox names a refresh at each. */
export const refreshAt: Readonly<Record<Provider, string>> = {
  identityCenter: 'identityCenter.createToken:refresh_token',
  okta: 'okta.token:refresh_token',
};

/** What the tests of one file share. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  /** The ports of Okta's redirect URIs, in their order. */
  readonly ports: readonly number[];
  /** A window at the scene's clock. */
  window(options?: HeadlessOptions): Headless;
  /** Signs in, as Ana unless told, in no time. */
  signIn(window: Headless, provider: Provider, username?: string): Promise<Session>;
  /** The operations of all requests that were the product's own and not a browser's, in their order. */
  requests(): readonly string[];
}

/**
 * A sandbox for the tests of one file: at a clock that the test moves (Okta's tokens live by the machine's clock) and
 * with redirect URIs on ports of its own, so that files can run side by side. Faults and counts end with each test.
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
