import { createSsoOidcAt } from './adapters/node/lazySsoOidc.ts';
import { createBoundedFetch } from './adapters/node/boundedFetch.ts';
import { systemClock } from './adapters/node/clock.ts';
import { createLoopbackRedirect } from './adapters/node/loopbackRedirect.ts';
import type { LoopbackPageTexts } from './adapters/node/loopbackPages.ts';
import { createPortalLogout } from './adapters/node/portalLogout.ts';
import { isSameOrganization } from './adapters/node/publicSuffixes.ts';
import { createSealedRecords } from './adapters/node/sealedRecords.ts';
import { setupAdapters } from './adapters/node/setupAdapters.ts';
import type { EndpointTemplates } from './core/identityCenter/endpoints.ts';
import type { Clock, HttpFetch, Log, SecretStore, SessionRecords } from './core/ports.ts';
import { checksOf } from './setup/checks/index.ts';
import { outcomesOf } from './setup/checks/outcomes.ts';
import { personChecks } from './setup/checks/personVerdict.ts';
import type { CheckOutcome } from './setup/checks/outcomes.ts';
import { runChecks } from './setup/checks/runChecks.ts';
import type { SetupGuideId } from './setup/setupGuides.ts';
import type { SetupInputs, SetupPorts, TxtLookups } from './setup/setupPorts.ts';
import { english } from './setup/translator.ts';
import type { SignInSettings } from './core/session/acquireTokens.ts';
import { Sessions } from './core/session/sessions.ts';
import { createSessionStore } from './core/session/sessionStore.ts';
import type { SessionStore } from './core/session/sessionStore.ts';
import { noPolicy } from './core/session/signInPolicy.ts';
import type { SignInPolicy } from './core/session/signInPolicy.ts';
import { resolveConnection } from './input/customStartUrl.ts';
import type { AwsCli } from './features/awsCli.ts';
import { withoutOldCopies } from './features/oldCopies.ts';
import { migrateRecord } from './features/oldRecords.ts';
import { createCliSharing } from './features/sharedStore.ts';
import type { CliSharing } from './features/sharedStore.ts';

/** The dependencies of a composition without an editor. */
export interface HeadlessOptions {
  /** Folder of the session records; processes with the same folder share sessions and refresh one at a time. */
  readonly folder: string;
  /** Stores the key of the records, and client registrations. */
  readonly secrets: SecretStore;
  readonly settings: () => SignInSettings;
  /** Silent by default. */
  readonly log?: Log;
  /** The machine's by default. */
  readonly clock?: Clock;
  /** The global `fetch` with limits on time and size by default. */
  readonly http?: HttpFetch;
  /** Allows everything by default. */
  readonly policy?: () => Promise<SignInPolicy>;
  /** Shares sessions with the AWS CLI, if given. */
  readonly awsCli?: AwsCli;
  /** Texts of the pages in the browser after a sign-in. */
  readonly pages?: LoopbackPageTexts;
  /** Decorates the records. */
  readonly wrapRecords?: (records: SessionRecords) => SessionRecords;
  /** Replaces the sealed files in the folder. */
  readonly records?: SessionRecords;
}

/** The product without an editor. Disposing it stops pending work. */
export interface Headless extends Disposable {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly cliSharing: CliSharing | undefined;
}

/** Builds the same composition as `extension.ts`, without an editor, for scripts, tests and benchmarks. */
export function createHeadless(options: HeadlessOptions): Headless {
  const { clock = systemClock, log = silentLog, secrets, settings, awsCli, pages = plainPages } = options;
  const http =
    options.http ??
    createBoundedFetch(
      () => globalThis.fetch,
      () => clock.now(),
    );
  const records =
    options.records ?? createSealedRecords(options.folder, { secrets, log, onProblem: () => undefined });
  const wrapRecords = options.wrapRecords?.(records) ?? records;
  const plain = createSessionStore(withoutOldCopies(wrapRecords, secrets), log, async (record) =>
    migrateRecord(record),
  );
  const cliSharing = awsCli === undefined ? undefined : createCliSharing(plain, { awsCli, clock, log });
  const store = cliSharing?.store ?? plain;
  const sessions = new Sessions({
    clock,
    log,
    http,
    isSameOrganization,
    loopback: createLoopbackRedirect(() => pages),
    secrets,
    ssoOidcAt: createSsoOidcAt(http),
    store,
    portalLogout: createPortalLogout(http),
    settings,
    policy: options.policy ?? (async () => noPolicy),
    resolve: (connection, signal) => resolveConnection(http, connection, signal),
  });
  return {
    sessions,
    store,
    cliSharing,
    [Symbol.dispose]: () => {
      sessions[Symbol.dispose]();
    },
  };
}

/** Options of the setup checks without an editor. */
export interface SetupCheckOptions {
  /** Empty for AWS's own. */
  readonly endpoints?: EndpointTemplates;
  /** The guide's by default. */
  readonly redirectPorts?: readonly number[];
  readonly clock?: Clock;
  readonly http?: HttpFetch;
  /** The system's resolver by default. */
  readonly txtLookups?: TxtLookups;
  /** Checks all steps of a person's access, regardless of failures. */
  readonly isForPerson?: boolean;
}

/**
 * Runs the checks of a guide without an editor and without a test sign-in; checks that need one are not
 * verified.
 * @throws SignInError `cancelled` when `signal` aborts
 */
export async function checkSetup(
  guide: SetupGuideId,
  inputs: SetupInputs,
  options: SetupCheckOptions,
  signal: AbortSignal,
): Promise<readonly CheckOutcome[]> {
  const { clock = systemClock, endpoints = { oidc: '', portal: '' }, redirectPorts = guidePorts } = options;
  const http =
    options.http ??
    createBoundedFetch(
      () => globalThis.fetch,
      () => clock.now(),
    );
  const ports: SetupPorts = {
    clock,
    http,
    isSameOrganization,
    ssoOidcAt: createSsoOidcAt(http),
    endpoints,
    beginsWithDeviceCode: false,
    redirectPorts,
    ...setupAdapters,
    ...(options.txtLookups === undefined ? {} : { txtLookups: options.txtLookups }),
  };
  const quiet = { started: () => undefined, found: () => undefined };
  const ofPerson = options.isForPerson === true ? personChecks(guide) : [];
  const checks = checksOf[guide].map((check) => ofPerson.find(({ id }) => id === check.id) ?? check);
  const results = await runChecks({ checks, inputs, progress: quiet }, ports, signal);
  return outcomesOf(guide, results, inputs, english);
}

/** The ports of the guide's redirect URIs (docs/PROTOCOL.md, section 2). */
const guidePorts = [2128, 4649, 6588, 8008, 9091, 49153, 50153, 51153, 52153, 53153];

const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const plainPages: LoopbackPageTexts = {
  language: 'en',
  productName: 'Developer Sign-In',
  pages: {
    signedIn: { title: 'Signed in', text: 'You can close this tab.' },
    failed: { title: 'Sign-in failed', text: 'The program that opened this tab says why.' },
    notThisSignIn: { title: 'This sign-in has ended', text: 'Start it again.' },
    notHere: { title: 'Nothing here', text: 'You can close this tab.' },
  },
};
