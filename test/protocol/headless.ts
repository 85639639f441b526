import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSsoOidcAt } from '../../src/adapters/awsSsoOidc.ts';
import { createBoundedFetch } from '../../src/adapters/boundedFetch.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { createLoopbackRedirect } from '../../src/adapters/loopbackRedirect.ts';
import { createPortalLogout } from '../../src/adapters/portalLogout.ts';
import { createSealedRecords } from '../../src/adapters/sealedRecords.ts';
import type { IdentityCenterConnection, OktaConnection } from '../../src/core/connection.ts';
import type { BrowserTurn, Clock, Log, Person, SecretStore } from '../../src/core/ports.ts';
import { Sessions } from '../../src/core/session/sessions.ts';
import type { SessionsPorts } from '../../src/core/session/sessions.ts';
import { createSessionStore } from '../../src/core/session/sessionStore.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** The product without an editor: the real core and adapters, secrets in memory, a person who is a function. */
export interface Headless extends Disposable {
  readonly sessions: Sessions;
  readonly secrets: SecretStore & { readonly map: ReadonlyMap<string, string> };
  readonly log: readonly string[];
  readonly identityCenter: IdentityCenterConnection;
  readonly okta: OktaConnection;
}

/** Composes it against a sandbox; `change` replaces ports. */
export function headless(sandbox: Sandbox, change: Partial<SessionsPorts> = {}): Headless {
  const description = sandbox.describe();
  const secrets = memorySecrets();
  const lines: string[] = [];
  const log = recordingLog(lines);
  const http = createBoundedFetch(
    () => fetch,
    () => Date.now(),
  );
  const folder = mkdtempSync(join(tmpdir(), 'developer-sign-in-'));
  const records = createSealedRecords(folder, { secrets, log, onTrouble: () => undefined });
  const { startUrl, region, endpoint, portalEndpoint } = description.identityCenter;
  const { issuer, clientId } = description.okta;
  const sessions = new Sessions({
    clock: systemClock,
    log,
    http,
    loopback: createLoopbackRedirect(() => words),
    secrets,
    ssoOidcAt: createSsoOidcAt(http),
    store: createSessionStore(records, secrets, log),
    portalLogout: createPortalLogout(http),
    settings: () => ({
      endpoints: { oidc: endpoint, portal: portalEndpoint },
      redirectPorts: sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port)),
      identityCenterFlow: 'deviceCode',
      host: 'local',
    }),
    ...change,
  });
  return {
    sessions,
    secrets,
    log: lines,
    identityCenter: { type: 'identityCenter', name: 'Sandbox', startUrl, region },
    okta: { type: 'okta', name: 'Sandbox', issuer, clientId },
    [Symbol.dispose]: () => {
      sessions[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A person who does `act` when the browser has the turn, and gives up only when `act` throws. */
export function personWho(act: (turn: BrowserTurn) => unknown): Person {
  return {
    takeTurn: async (turn, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error);
        },
        { once: true },
      );
      void Promise.resolve(act(turn)).catch(reject);
      return promise;
    },
  };
}

/** Signs in with the device code as `username`, as soon as the code is shown. */
export function approving(sandbox: Sandbox, username: string): Person {
  return personWho(({ userCode }) => {
    sandbox.identityCenter.approve(userCode ?? '', username);
  });
}

/** Signs in at Okta's page as `username` and follows the redirect to the loopback listener. */
export function signingInAtOkta(sandbox: Sandbox, username: string): Person {
  return personWho(async ({ url }) => {
    const { location } = await sandbox.okta.authorize(url, username);
    if (location !== undefined) await fetch(location);
  });
}

/** The machine's clock, but waits take no time: a poll's interval is a promise that is there already. */
export const impatientClock: Clock = {
  now: () => Date.now(),
  sleep: async (_milliseconds, signal) => systemClock.sleep(1, signal),
};

const words = {
  language: 'en',
  productName: 'Developer Sign-In',
  pages: {
    signedIn: { title: 'Signed in', text: 'Close this tab.' },
    failed: { title: 'Failed', text: 'See the editor.' },
    notThisSignIn: { title: 'Ended', text: 'An earlier sign-in.' },
    notHere: { title: 'Nothing here', text: 'Close this tab.' },
  },
};

function memorySecrets(): Headless['secrets'] {
  const map = new Map<string, string>();
  const listeners = new Set<(key: string) => void>();
  const changed = (key: string): void => {
    for (const listener of listeners) listener(key);
  };
  return {
    map,
    get: async (key) => map.get(key),
    set: async (key, value) => {
      map.set(key, value);
      changed(key);
    },
    delete: async (key) => {
      map.delete(key);
      changed(key);
    },
    keys: async () => [...map.keys()],
    onDidChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

function recordingLog(lines: string[]): Log {
  const at =
    (level: string): Log['info'] =>
    (message, facts = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
