import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createBoundedFetch } from '../../../src/adapters/node/boundedFetch.ts';
import type {
  Connection,
  IdentityCenterConnection,
  OktaConnection,
} from '../../../src/core/connection/connection.ts';
import type { InteractionRequest } from '../../../src/core/oauth/userInteraction.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import type { Headless } from '../headless.ts';
import { ana, personWho } from '../people.ts';
import type { TestPerson } from '../people.ts';
import { useSandbox } from '../scene.ts';
import type { Scene } from '../scene.ts';
import { startElsewhere } from './elsewhere.ts';
import type { Elsewhere } from './elsewhere.ts';
import { expectHarmless, parametersOf, repeatedIn, secretsOn } from './harmless.ts';
import type { RawAnswer } from './rawHttp.ts';
import { startTamperingProxy } from './tamperingProxy.ts';
import type { TamperingProxy } from './tamperingProxy.ts';
import { visitOf } from './visit.ts';
import type { Visit } from './visit.ts';

/** The address of AWS's device code pages, which replaces that of the sandbox. */
export const awsPages = 'https://device.sso.eu-central-1.amazonaws.com';

/** The sandbox under public https addresses of the vendors, behind tampering proxies. */
export interface World {
  readonly scene: Scene;
  /** In front of Okta, which is `https://id.example.com` by default. */
  readonly oktaProxy: TamperingProxy;
  /** In front of Identity Center, under AWS's own address. */
  readonly awsProxy: TamperingProxy;
  readonly elsewhere: Elsewhere;
  readonly okta: OktaConnection;
  readonly identityCenter: IdentityCenterConnection;
  /** Changes the Okta organization's address until the test ends. */
  callOkta(origin: string): void;
  window(): Headless;
  /** A user whose browser is controlled by `act`. */
  browsing(act: (visit: Visit) => unknown): TestPerson;
  /** Signs in as Ana, or the given user, at the page of the prompt; returns the browser's redirect target. */
  authorize(turn: InteractionRequest, username?: string): Promise<string>;
  /** Number of token requests that the sandbox received. */
  tokenRequests(): number;
}

/**
 * Starts a sandbox and proxies for the tests of one file. After each test, asserts that every response of a
 * listener was harmless and repeated nothing, and that no request went to a forbidden host.
 */
export function useWorld(options: SandboxOptions = {}): World {
  const usualOkta = 'https://id.example.com';
  let okta = usualOkta;
  let oktaProxy: TamperingProxy | undefined;
  let awsProxy: TamperingProxy | undefined;
  let elsewhere: Elsewhere | undefined;
  const answers: { readonly sent: string; readonly answer: RawAnswer }[] = [];
  const logs: (readonly string[])[] = [];
  const started = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('The world is there while tests run.');
    return one;
  };

  // Last step of a test: a failed assertion must not prevent other cleanup.
  afterEach(() => {
    const secrets = secretsOn([...started(oktaProxy).passed, ...started(awsProxy).passed]);
    const all = answers.splice(0);
    const came = started(elsewhere).came.splice(0);
    const log = { status: 0, headers: {}, body: logs.splice(0).flat().join('\n') };
    okta = usualOkta;
    oktaProxy?.reset();
    awsProxy?.reset();
    for (const { sent, answer } of all) {
      expectHarmless(answer);
      expect(repeatedIn(answer, new Map([...secrets, ...parametersOf(sent)]))).toEqual([]);
    }
    const written = all.flatMap(({ sent }) => repeatedIn(log, parametersOf(sent)));
    expect(written.filter((name) => !publicParameters.has(name))).toEqual([]);
    expect(came).toEqual([]);
  });
  const scene = useSandbox(options);
  beforeAll(async () => {
    const { sandbox } = scene;
    elsewhere = await startElsewhere();
    oktaProxy = await startTamperingProxy(sandbox.okta.origin, (text) =>
      text.replaceAll(sandbox.okta.origin, okta),
    );
    awsProxy = await startTamperingProxy(sandbox.identityCenter.origin, (text) =>
      text.replaceAll(sandbox.identityCenter.origin, awsPages),
    );
  });
  afterAll(() => Promise.all([oktaProxy?.close(), awsProxy?.close(), elsewhere?.close()]));

  /** Resolves a public address; unknown ones lead to the forbidden host. */
  const routed = (address: string): string => {
    const { origin, hostname, pathname, search } = new URL(address);
    const region = /^https:\/\/oidc\.([\da-z-]+)\.amazonaws\.com$/.exec(origin)?.[1];
    if (region !== undefined) return `${started(awsProxy).origin}/oidc/${region}${pathname}${search}`;
    const isOkta = origin === okta || (origin.startsWith('https:') && hostname.endsWith('.example.com'));
    return (isOkta ? started(oktaProxy) : started(elsewhere)).origin + pathname + search;
  };
  const http = (fetchNow: () => typeof fetch): HttpFetch => {
    const bounded = createBoundedFetch(
      () => (input, init) => fetchNow()(routed(input as string), init),
      () => scene.clock.now(),
    );
    return bounded;
  };

  const isAws = ({ url }: InteractionRequest): boolean => url.startsWith('https://oidc.');
  return {
    scene,
    get oktaProxy() {
      return started(oktaProxy);
    },
    get awsProxy() {
      return started(awsProxy);
    },
    get elsewhere() {
      return started(elsewhere);
    },
    get okta() {
      const { issuer, clientId } = scene.sandbox.okta;
      return {
        type: 'okta' as const,
        name: 'Example',
        issuer: issuer.replace(scene.sandbox.okta.origin, okta),
        clientId,
      };
    },
    get identityCenter() {
      const { startUrl, region } = scene.sandbox.identityCenter;
      return { type: 'identityCenter' as const, name: 'Example', startUrl, region };
    },
    callOkta: (origin) => {
      okta = origin;
    },
    window: () => {
      const window = scene.window({ http, oidcEndpoint: '' });
      logs.push(window.log);
      return window;
    },
    browsing: (act) =>
      personWho((turn) => act(visitOf(turn, scene.ports, (sent, answer) => answers.push({ sent, answer })))),
    authorize: async (turn, username = ana) => {
      const { sandbox } = scene;
      if (isAws(turn)) {
        const { pathname, search } = new URL(turn.url);
        const { origin, region } = sandbox.identityCenter;
        const address = `${origin}/oidc/${region}${pathname}${search}`;
        return sandbox.identityCenter.completeAuthorize(address, username);
      }
      const url = turn.url.replace(new URL(turn.url).origin, sandbox.okta.origin);
      const { location = '' } = await sandbox.okta.authorize(url, username);
      return location.replaceAll(encodeURIComponent(sandbox.okta.origin), encodeURIComponent(okta));
    },
    tokenRequests: () =>
      scene.sandbox.requestLog.count('okta.token') +
      scene.sandbox.requestLog.count('identityCenter.createToken'),
  };
}

/** The parts of a redirect that may be logged. */
const publicParameters: ReadonlySet<string> = new Set(['error', 'error_description', 'iss']);

/** The connection to a provider in a world. */
export function connectionOf(world: World, provider: Connection['type']): Connection {
  return provider === 'okta' ? world.okta : world.identityCenter;
}
