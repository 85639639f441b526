import { afterAll, afterEach, beforeAll } from 'vitest';
import { createBoundedFetch } from '../../../src/adapters/node/boundedFetch.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import type { Headless } from '../headless.ts';
import type { Scene } from '../scene.ts';
import type { Fault } from './faults.ts';
import { startUntrustedServer } from './untrustedServer.ts';
import type { UntrustedServer } from './untrustedServer.ts';

/** Timeout of a request that hangs; all others use the product's own. */
const aMoment = 30;

/** The requests that can fail, by their names in the sandbox, with the ends of their paths. */
export const requests = {
  registerClient: { at: 'identityCenter.registerClient', path: '/client/register' },
  startDeviceAuthorization: { at: 'identityCenter.startDeviceAuthorization', path: '/device_authorization' },
  poll: { at: 'identityCenter.createToken:device_code', path: '/token' },
  codeAtIdentityCenter: { at: 'identityCenter.createToken:authorization_code', path: '/token' },
  refreshAtIdentityCenter: { at: 'identityCenter.createToken:refresh_token', path: '/token' },
  logout: { at: 'identityCenter.logout', path: '/logout' },
  metadata: { at: 'okta.metadata', path: '/.well-known/openid-configuration' },
  code: { at: 'okta.token:authorization_code', path: '/v1/token' },
  deviceAuthorize: { at: 'okta.deviceAuthorize', path: '/v1/device/authorize' },
  pollAtOkta: { at: 'okta.token:device_code', path: '/v1/token' },
  refreshAtOkta: { at: 'okta.token:refresh_token', path: '/v1/token' },
  revoke: { at: 'okta.revoke', path: '/v1/revoke' },
} as const;

export type RequestName = keyof typeof requests;

/** Faults on the way to a scene's sandbox. */
export interface Breakage {
  /** A window whose requests can fail. */
  window(): Headless;
  /** Makes the next `times` requests of this name fail; all of them by default. */
  break(request: RequestName, fault: Fault, times?: number): void;
  mend(): void;
  /** Number of attempts of a request of this name, whatever the target. */
  tried(request: RequestName): number;
}

interface Broken {
  readonly path: string;
  readonly fault: Fault;
  left: number;
}

export function useBreakage(scene: Scene): Breakage {
  let broken: Broken | undefined;
  let untrusted: UntrustedServer | undefined;
  const tried: string[] = [];
  beforeAll(async () => {
    untrusted = await startUntrustedServer();
  });
  afterEach(() => {
    broken = undefined;
    tried.length = 0;
    if (untrusted?.requests !== 0)
      throw new Error('A server without a trusted certificate was told something.');
  });
  afterAll(() => untrusted?.close());

  const takeFault = (pathname: string): Fault | undefined => {
    if (broken === undefined || broken.left <= 0 || !pathname.endsWith(broken.path)) return undefined;
    broken.left -= 1;
    return broken.fault;
  };
  const origins = { untrusted: () => untrusted?.origin ?? '', nowhere: () => 'https://nowhere.invalid' };

  const http = (fetchNow: () => typeof fetch): HttpFetch => {
    const now = (): number => scene.clock.now();
    const patient = createBoundedFetch(fetchNow, now);
    return async (url, init) => {
      const { pathname } = new URL(url);
      tried.push(pathname);
      const fault = takeFault(pathname);
      if (fault?.hangs === true) return createBoundedFetch(fetchNow, now, aMoment)(url, init);
      if (fault?.elsewhere === undefined) return patient(url, init);
      return patient(origins[fault.elsewhere]() + pathname, init);
    };
  };
  return {
    window: () => scene.window({ http }),
    break: (request, fault, times = Infinity) => {
      const { at, path } = requests[request];
      broken = { path, fault, left: times };
      if (fault.rule !== undefined) scene.sandbox.faults.add({ at, times, ...fault.rule });
    },
    mend: () => {
      broken = undefined;
      scene.sandbox.faults.clear();
    },
    tried: (request) => tried.filter((path) => path.endsWith(requests[request].path)).length,
  };
}
