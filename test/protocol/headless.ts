import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createBoundedFetch } from '../../src/adapters/node/boundedFetch.ts';
import { systemClock } from '../../src/adapters/node/clock.ts';
import type { IdentityCenterConnection, OktaConnection } from '../../src/core/connection/connection.ts';
import { SignInError } from '../../src/core/oauth/errors.ts';
import type { AwsCli } from '../../src/features/awsCli.ts';
import type { Clock, HttpFetch, Log } from '../../src/core/ports.ts';
import type { Sessions } from '../../src/core/session/sessions.ts';
import type { SessionStore } from '../../src/core/session/sessionStore.ts';
import type { CliSharing } from '../../src/features/sharedStore.ts';
import { createHeadless } from '../../src/headless.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { secretsWithKey } from './secretStores.ts';
import type { OpenSecretStore } from './secretStores.ts';
import { createSecretsOfRun } from './secretsOfRun.ts';
import { flowTable } from '../../src/features/flowTable.ts';

// The composition of a window needs a person who signs in.
export { approving, signingInAtOkta } from './people.ts';

/** What may differ from one window of its own at the machine's clock. */
export interface HeadlessOptions {
  readonly clock?: Clock;
  readonly secrets?: OpenSecretStore;
  /** The storage folder of another window. */
  readonly folder?: string;
  /** The endpoint setting, when it is not to name the sandbox. */
  readonly oidcEndpoint?: string;
  /** Where sessions may be shared with the AWS CLI. */
  readonly awsCli?: AwsCli;
  /** Makes the way out from the `fetch` that it has to use. */
  readonly http?: (fetchNow: () => typeof fetch) => HttpFetch;
}

/** One window of the product without an editor: the real core and adapters. Its disposal fails on a leaked secret. */
export interface Headless extends Disposable {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly cliSharing: CliSharing;
  readonly secrets: OpenSecretStore;
  readonly folder: string;
  readonly log: readonly string[];
  /** How many of its requests have no outcome yet. */
  readonly inFlight: number;
  readonly identityCenter: IdentityCenterConnection;
  readonly okta: OktaConnection;
  /** The `SignInError` that a promise rejects with; searched for secrets at the end. Fails when it resolves. */
  failureOf(promise: Promise<unknown>): Promise<SignInError>;
}

/** Composes a window against a sandbox. */
export function headless(sandbox: Sandbox, options: HeadlessOptions = {}): Headless {
  const { clock = systemClock, secrets = secretsWithKey() } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'developer-sign-in-'));
  const lines: string[] = [];
  const errors: SignInError[] = [];
  const log = recordingLog(lines);
  const run = createSecretsOfRun();
  let inFlight = 0;
  const countedFetch: typeof fetch = async (...request) => {
    inFlight += 1;
    try {
      return await run.fetch(...request);
    } finally {
      inFlight -= 1;
    }
  };
  const http = (options.http ?? ((fetchNow) => createBoundedFetch(fetchNow, () => clock.now())))(
    () => countedFetch,
  );
  const description = sandbox.describe();
  const { startUrl, region, endpoint, portalEndpoint } = description.identityCenter;
  const { issuer, clientId } = description.okta;
  const product = createHeadless({
    folder,
    secrets,
    log,
    clock,
    http,
    pages,
    ...(options.awsCli === undefined ? {} : { awsCli: options.awsCli }),
    settings: () => ({
      endpoints: { oidc: options.oidcEndpoint ?? endpoint, portal: portalEndpoint },
      redirectPorts: sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port)),
      identityCenterFlow: 'deviceCode',
      host: flowTable.local,
    }),
  });
  const { sessions, store } = product;
  const leaks = (): readonly string[] =>
    [
      ...lines.map((line) => ['the log', line] as const),
      ...errors.map((error) => ['an error', inspect(error, whole)] as const),
      ...filesIn(folder),
    ].flatMap(([place, text]) => run.foundIn(text).map((name) => `${name} in ${place}`));
  return {
    sessions,
    store,
    get cliSharing() {
      if (product.cliSharing === undefined) throw new Error('This window has no AWS CLI.');
      return product.cliSharing;
    },
    secrets,
    folder,
    log: lines,
    get inFlight() {
      return inFlight;
    },
    identityCenter: { type: 'identityCenter', name: 'Sandbox', startUrl, region },
    okta: { type: 'okta', name: 'Sandbox', issuer, clientId },
    failureOf: async (promise) => {
      const error = await promise.then(
        () => new Error('Nothing failed'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof SignInError)) throw error;
      errors.push(error);
      return error;
    },
    [Symbol.dispose]: () => {
      sessions[Symbol.dispose]();
      const found = leaks();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
      if (found.length > 0) throw new Error(`Secrets have leaked: ${found.join(', ')}`);
    },
  };
}

/** Message, stack, details and every cause. */
const whole = { depth: 20, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity } as const;

/** Short ones, by which a test tells the pages apart. */
const pages = {
  language: 'en',
  productName: 'Developer Sign-In',
  pages: {
    signedIn: { title: 'Signed in', text: 'Close this tab.' },
    failed: { title: 'Failed', text: 'See the editor.' },
    notThisSignIn: { title: 'Ended', text: 'An earlier sign-in.' },
    notHere: { title: 'Nothing here', text: 'Close this tab.' },
  },
};

function recordingLog(lines: string[]): Log {
  const at =
    (level: string): Log['info'] =>
    (message, details = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(details)}`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Names and texts. What is gone between the two looks, a lock on its way, is not left behind. */
function filesIn(folder: string): (readonly [name: string, text: string])[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return [[name, readFileSync(join(folder, name), 'utf8')] as const];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}
