import { createSsoOidcAt } from '../../src/adapters/node/awsSsoOidc.ts';
import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import { createLoopbackRedirect } from '../../src/adapters/node/loopbackRedirect.ts';
import { createPortalLogout } from '../../src/adapters/node/portalLogout.ts';
import { isSameOrganization } from '../../src/adapters/node/publicSuffixes.ts';
import { createSealedRecords } from '../../src/adapters/node/sealedRecords.ts';
import type { Clock, HttpFetch, Log, SecretStore, SessionRecords } from '../../src/core/ports.ts';
import type { SessionsPorts } from '../../src/core/session/sessions.ts';
import { createSessionStore } from '../../src/core/session/sessionStore.ts';
import type { SandboxDescription } from '../sandbox/sandbox.ts';

/** What differs from one window of the test to another. */
export interface WindowParts {
  readonly clock: Clock;
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly sandbox: SandboxDescription;
  readonly redirectPorts?: readonly number[];
  /** Put around the real adapters. */
  readonly http?: (http: HttpFetch) => HttpFetch;
  readonly records?: (records: SessionRecords) => SessionRecords;
}

/** The product's ports as `extension.ts` builds them, without an editor. */
export function productPorts(parts: WindowParts): SessionsPorts {
  const { clock, folder, secrets, sandbox, redirectPorts = [] } = parts;
  const bounded = createBoundedFetch(
    () => fetch,
    () => clock.now(),
  );
  const http = parts.http?.(bounded) ?? bounded;
  const sealed = createSealedRecords(folder, { secrets, log: silentLog, onTrouble: () => undefined });
  const records = parts.records?.(sealed) ?? sealed;
  const { endpoint, portalEndpoint } = sandbox.identityCenter;
  return {
    clock,
    log: silentLog,
    http,
    isSameOrganization,
    loopback: createLoopbackRedirect(() => noWords),
    secrets,
    ssoOidcAt: createSsoOidcAt(http),
    store: createSessionStore(records, secrets, silentLog),
    portalLogout: createPortalLogout(http),
    settings: () => ({
      endpoints: { oidc: endpoint, portal: portalEndpoint },
      redirectPorts,
      identityCenterFlow: 'deviceCode',
      host: 'local',
    }),
    organisation: async () => ({ file: '', state: 'none', policy: {}, unknownRules: [] }),
  };
}

/** Not read. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const page = { title: '', text: '' };
const noWords = {
  language: 'en',
  productName: 'Developer Sign-In',
  pages: { signedIn: page, failed: page, notThisSignIn: page, notHere: page },
};
