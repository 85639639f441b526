import { setImmediate as nextTick } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takenPorts } from '../../../src/adapters/node/takenPorts.ts';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import { personWho } from '../people.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { RunChanges, SetupWorld } from './setupWorld.ts';

let world: SetupWorld;
beforeAll(async () => {
  world = await openSetupWorld();
});
afterAll(() => world.close());

/** Waits until the run is canceled, as a request without a response. */
const hanging = async (signal: AbortSignal | undefined): Promise<never> => {
  const { promise, reject } = Promise.withResolvers<never>();
  signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
};

/** Runs a guide, cancels it where `stage` hangs, and returns the error and the requests that began after that. */
async function canceledAt(
  guide: SetupGuideId,
  stage: (begun: () => void) => Pick<RunChanges, 'http' | 'ports' | 'person'>,
): Promise<{ readonly error: unknown; readonly later: readonly string[] }> {
  const canceling = new AbortController();
  const later: string[] = [];
  const changes = stage(() => canceling.abort(new SignInError('cancelled')));
  const error: unknown = await world
    .run(guide, {
      ...changes,
      signal: canceling.signal,
      http: (http) => {
        const asked = changes.http?.(http) ?? http;
        return async (url, request) => {
          // A request with a canceled signal is never sent.
          if (canceling.signal.aborted && request.signal?.aborted !== true) later.push(url);
          return asked(url, request);
        };
      },
    })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  for (let turn = 0; turn < 20; turn++) await nextTick();
  return { error, later };
}

/** A stage whose requests to `address` hang. */
const requestsTo =
  (address: RegExp) =>
  (begun: () => void): Pick<RunChanges, 'http'> => ({
    http: (http) => async (url, request) => {
      if (!address.test(url)) return http(url, request);
      setImmediate(begun);
      return hanging(request.signal);
    },
  });

describe('a canceled run ends at once, sends nothing more, and leaves no port open', () => {
  test.each<
    readonly [string, SetupGuideId, (begun: () => void) => Pick<RunChanges, 'http' | 'ports' | 'person'>]
  >([
    ['during the metadata', 'kiro', requestsTo(/\.well-known/)],
    ['during the redirect URIs', 'kiro', requestsTo(/prompt=none/)],
    ['during the made-up code', 'openIdConnect', requestsTo(/\/token$/)],
    ['during the keys', 'openIdConnect', requestsTo(/\/keys$/)],
    ['during SCIM', 'kiro', requestsTo(/\/scim\/v2\//)],
    ['during Okta’s API', 'kiro', requestsTo(/\/api\/v1\//)],
    ['during Kiro’s calls', 'kiro', requestsTo(/app\.kiro\.dev/)],
    ['during the device authorization', 'identityCenter', requestsTo(/device_authorization/)],
    ['during AWS’s APIs', 'identityCenter', requestsTo(/\/\/(?:sso|identitystore)\.[\w-]+\.amazonaws\.com/)],
    ['during CloudTrail', 'identityCenter', requestsTo(/\/\/cloudtrail\./)],
    [
      'during DNS',
      'kiro',
      (begun) => ({
        ports: (ports) => ({
          ...ports,
          txtLookups: {
            ...ports.txtLookups,
            txt: async (_name, signal) => {
              setImmediate(begun);
              return hanging(signal);
            },
          },
        }),
      }),
    ],
    [
      'while AWS’s credentials are read',
      'identityCenter',
      (begun) => ({
        ports: (ports) => ({
          ...ports,
          openAws: () => ({
            sign: async (_request, signal) => {
              setImmediate(begun);
              return hanging(signal);
            },
          }),
        }),
      }),
    ],
    ...(['kiro', 'identityCenter', 'openIdConnect'] as const).map(
      (guide) =>
        [
          'during the sign-in in the browser',
          guide,
          (begun: () => void) => ({
            person: () =>
              personWho(async () => {
                setImmediate(begun);
              }),
          }),
        ] as const,
    ),
  ])('%s: %s', async (_when, guide, stage) => {
    const { error, later } = await canceledAt(guide, stage);
    expect(error).toMatchObject({ kind: 'cancelled' });
    expect(later.filter((url) => !url.includes('/revoke'))).toEqual([]);
    expect(await takenPorts(world.ports)).toEqual([]);
  });
});
