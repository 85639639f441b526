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
import { signInSettings } from '../unit/fakes/examples.ts';

// A window requires a user for sign-ins.
export { approving, signingInAtOkta } from './people.ts';

/** Overrides of the default: one window on the machine's clock. */
export interface HeadlessOptions {
  readonly clock?: Clock;
  readonly secrets?: OpenSecretStore;
  /** The storage folder of another window. */
  readonly folder?: string;
  /** The endpoint setting, if it must not point to the sandbox. */
  readonly oidcEndpoint?: string;
  /** Enables sharing of sessions with the AWS CLI. */
  readonly awsCli?: AwsCli;
  /** Creates the HTTP client from the given `fetch`. */
  readonly http?: (fetchNow: () => typeof fetch) => HttpFetch;
}

/**
 * One window of the product without an editor, with the real core and adapters. Its disposal fails if a secret
 * leaked.
 */
export interface Headless extends Disposable {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly cliSharing: CliSharing;
  readonly secrets: OpenSecretStore;
  readonly folder: string;
  readonly log: readonly string[];
  /** Number of pending requests. */
  readonly inFlight: number;
  readonly identityCenter: IdentityCenterConnection;
  readonly okta: OktaConnection;
  /** The `SignInError` that a promise rejects with; searched for secrets at the end. Fails if it resolves. */
  failureOf(promise: Promise<unknown>): Promise<SignInError>;
}

/** Creates a window that uses a sandbox. */
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
      ...signInSettings,
      endpoints: { oidc: options.oidcEndpoint ?? endpoint, portal: portalEndpoint },
      redirectPorts: sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port)),
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

/** Message, stack, details and all causes. */
const whole = { depth: 20, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity } as const;

/** Short texts that identify the pages. */
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

/** Names and texts of files. Ignores files that disappear in between, such as a lock. */
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
