import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import type { Clock, HttpFetch, Log, SecretStore, SessionRecords } from '../../src/core/ports.ts';
import { createHeadless } from '../../src/headless.ts';
import type { Headless } from '../../src/headless.ts';
import type { SandboxDescription } from '../sandbox/sandbox.ts';
import { signInSettings } from '../unit/fakes/examples.ts';

/** Parameters of a window in the test. */
export interface WindowParts {
  readonly clock: Clock;
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly sandbox: SandboxDescription;
  readonly redirectPorts?: readonly number[];
  /** Wraps the real adapters. */
  readonly http?: (http: HttpFetch) => HttpFetch;
  readonly records?: (records: SessionRecords) => SessionRecords;
}

/** A window of the product, without an editor. */
export function openProduct(parts: WindowParts): Headless {
  const { clock, folder, secrets, sandbox, redirectPorts = [], records } = parts;
  const bounded = createBoundedFetch(
    () => fetch,
    () => clock.now(),
  );
  const { endpoint, portalEndpoint } = sandbox.identityCenter;
  return createHeadless({
    folder,
    secrets,
    clock,
    http: parts.http?.(bounded) ?? bounded,
    settings: () => ({
      ...signInSettings,
      endpoints: { oidc: endpoint, portal: portalEndpoint },
      redirectPorts,
    }),
    ...(records === undefined ? {} : { wrapRecords: records }),
  });
}

/** For code that is not a window. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
