import { hostname } from 'node:os';
import { join } from 'node:path';
import { commands, Disposable, env, EventEmitter, ExtensionKind, UIKind, window } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { createSsoOidcAt } from './adapters/node/lazySsoOidc.ts';
import { createSecretStore, openInBrowser, reachedAs } from './adapters/vscode/editorPorts.ts';
import { systemClock } from './adapters/node/clock.ts';
import { createLog } from './adapters/vscode/log.ts';
import { openLogChannel } from './adapters/vscode/logChannel.ts';
import { rememberSecrets } from './adapters/vscode/rememberedSecrets.ts';
import { createPortalLogout } from './adapters/node/portalLogout.ts';
import { isSameOrganization } from './adapters/node/publicSuffixes.ts';
import { createSealedRecords } from './adapters/node/sealedRecords.ts';
import { gitHosts, readSignInSettings } from './adapters/vscode/settings.ts';
import { classifyEnvironment } from './features/editorEnvironment.ts';
import type { EditorEnvironment } from './features/editorEnvironment.ts';
import type { ClockSkew } from './features/diagnosticsData.ts';
import type { OrganizationRules } from './features/organizationPolicy.ts';
import type { HttpFetch } from './core/ports.ts';
import { Sessions } from './core/session/sessions.ts';
import { withoutOldCopies } from './features/oldCopies.ts';
import { createCliSharing } from './features/sharedStore.ts';
import { namingSessions } from './features/sessionNames.ts';
import { createSessionStore } from './core/session/sessionStore.ts';
import { registerProvider } from './shell/authenticationProvider.ts';
import type { Commands } from './shell/commands.ts';
import type { ShellContext } from './shell/context.ts';
import { updateContextKeys } from './shell/contextKeys.ts';
import type { WatchPolicy } from './shell/followOrganization.ts';
import { providerTypes } from './shell/providers/registration.ts';
import { SignIns } from './shell/signIn/signIns.ts';
import { createStatusBar } from './shell/status/statusBar.ts';
import { createTerminals } from './shell/terminal/terminals.ts';

const afterActivation = () => import('./afterActivation.ts');
const onFirstUse = () => import('./onFirstUse.ts');

/** Commands for links, tooltips and other extensions, which no list shows. */
export const unlistedCommands: readonly string[] = [
  'copySetupValue',
  'describeSession',
  'signInAgain',
  'token',
];

/** The policy of this computer: its rules, and a watch of their changes. */
interface PolicyFileHere {
  readonly read: () => Promise<OrganizationRules>;
  readonly watch: WatchPolicy;
}

let settled: () => Promise<void> = async () => {};

/** Waits for the refreshes in flight: the old token may already be spent, and the new one must be stored. */
export function deactivate(): Promise<void> {
  return settled();
}

/** Builds adapters, core and shell. Awaits nothing: storage and network are used on demand. */
export function activate(extension: ExtensionContext): void {
  const logChannel = openLogChannel('Developer Sign-In');
  const sessionNames = new Map<string, string>();
  const log = createLog(logChannel, sessionNames);
  const skews = new Map<string, ClockSkew>();
  let bounded: Promise<HttpFetch> | undefined;
  const http: HttpFetch = async (url, request) => {
    bounded ??= onFirstUse().then(({ createBoundedFetch, createSkewWatch }) => {
      const now = () => systemClock.now();
      return createBoundedFetch(() => globalThis.fetch, now, undefined, createSkewWatch(now, log, skews));
    });
    return (await bounded)(url, request);
  };
  const secrets = rememberSecrets(createSecretStore(extension.secrets));
  const editorEnvironment: EditorEnvironment & { reachedAs?: string } = {
    ui: env.uiKind === UIKind.Web ? 'web' : 'desktop',
    remoteName: env.remoteName,
    runs: extension.extension.extensionKind === ExtensionKind.UI ? 'ui' : 'workspace',
  };
  if (editorEnvironment.ui === 'web' && env.remoteName === undefined)
    void reachedAs().then((place) => place !== undefined && (editorEnvironment.reachedAs = place));
  const settings = () => readSignInSettings(process.env, classifyEnvironment(editorEnvironment));
  const saidEntries = new Set<string>();
  const connections = async () => {
    const { readConnections, withProvided } = await afterActivation();
    return withProvided((await organization()).policy, readConnections(log, saidEntries));
  };
  const ssoOidcAt = createSsoOidcAt(http);
  const folder = join(extension.globalStorageUri.fsPath, 'sessions');
  const records = createSealedRecords(folder, {
    secrets,
    log,
    onProblem: (problem) => void onFirstUse().then(({ showStorageProblem }) => showStorageProblem(problem)),
  });
  let policyFile: Promise<PolicyFileHere> | undefined;
  const policyHere = () =>
    (policyFile ??= afterActivation().then(async ({ createPolicyFile, policyPlace, watchPolicy }) => {
      const place = await policyPlace(process.platform, process.env);
      return { read: createPolicyFile(place, log), watch: (listener) => watchPolicy(place, listener) };
    }));
  const organization = async () => (await policyHere()).read();
  const organizationChanged = new EventEmitter<void>();
  const store = createSessionStore(withoutOldCopies(records, secrets), log, async (record) =>
    (await onFirstUse()).migrateRecord(record),
  );
  const sharing = createCliSharing(namingSessions(store, sessionNames), {
    clock: systemClock,
    log,
    awsCli: {
      wanted: async (connection) => {
        const { awsCliConsents, cliSharingPreference } = await onFirstUse();
        const consents = awsCliConsents(extension.globalState);
        return cliSharingPreference(connection, await connections(), consents, await organization());
      },
      cache: async () => (await onFirstUse()).createAwsCliCache(),
    },
  });
  const sessions = new Sessions({
    clock: systemClock,
    log,
    http,
    isSameOrganization,
    loopback: {
      listen: async (ports, path) => {
        const { createLoopbackRedirect, loopbackPageTexts } = await onFirstUse();
        return createLoopbackRedirect(() => loopbackPageTexts(env.language)).listen(ports, path);
      },
    },
    secrets,
    ssoOidcAt,
    store: sharing.store,
    portalLogout: createPortalLogout(http),
    settings,
    policy: async () => {
      const { signInPolicy } = await afterActivation();
      return signInPolicy(await organization());
    },
    resolve: async (connection, signal) => (await onFirstUse()).resolveConnection(http, connection, signal),
  });
  settled = () => sessions.settled();
  const signIns = new SignIns(sessions, openInBrowser, async (question, signal) => {
    const { trustsIssuer } = await onFirstUse();
    return trustsIssuer(extension.globalState, question, signal);
  });
  const terminals = createTerminals(hostname(), () => context, {
    variables: () => extension.environmentVariableCollection,
    open: async (answer) => (await onFirstUse()).openTerminalSocket(answer),
    program: async () => {
      const { terminalProgram } = await onFirstUse();
      return terminalProgram(join(extension.extensionPath, 'dist', 'extension', 'bin'));
    },
    gitHosts,
    awsConfig: async () => (await onFirstUse()).awsConfigFile(),
    workspaceMemento: extension.workspaceState,
  });
  const context: ShellContext = {
    sessions,
    terminals,
    signIns,
    openInBrowser,
    cliSharing: sharing,
    log,
    logChannel,
    http,
    isSameOrganization,
    memento: extension.globalState,
    findRegionPorts: async () => {
      const { templatesUnder } = await afterActivation();
      const templates = templatesUnder(await organization(), settings().endpoints);
      return { clock: systemClock, ssoOidcAt, templates };
    },
    expirations: async () => {
      const { createSharedText } = await afterActivation();
      return createSharedText(join(extension.globalStorageUri.fsPath, 'setup', 'expirations.json'));
    },
    setupAdapters: async () => (await import('./adapters/node/setupAdapters.ts')).setupAdapters,
    settings,
    organization,
    onDidChangeOrganization: organizationChanged.event,
    editorEnvironment,
    awsCliPaths: async () => (await onFirstUse()).createAwsCliPaths(),
    diagnosticsData: async () => {
      const { collectDiagnostics } = await onFirstUse();
      const isSigningIn = () => signIns.isActive;
      const from = {
        extension,
        editorEnvironment,
        settings,
        connections,
        organization,
        sessions,
        secrets,
        log,
      };
      return collectDiagnostics({ ...from, isSigningIn, folder, skews });
    },
    connections,
    takenProviders: new Set(),
    connectionSettings: afterActivation,
    ssoSessions: async () => (await onFirstUse()).findSsoSessions(),
  };
  extension.subscriptions.push(
    logChannel,
    { dispose: () => secrets[Symbol.dispose]() },
    { dispose: () => sessions[Symbol.dispose]() },
    { dispose: () => signIns[Symbol.dispose]() },
    ...providerTypes.map((type) => registerProvider(context, type)),
    registerCommands(context, listedCommands(extension.extension.packageJSON as Manifest)),
    createStatusBar(context),
    updateContextKeys(context),
    terminals,
    organizationChanged,
    followingOrganization(context, policyHere, () => organizationChanged.fire()),
  );
}

/**
 * The manifest's commands without `developerSignIn.`; a view registers its own, which have another dot in their
 * names.
 */
export function listedCommands({ contributes }: Manifest): readonly string[] {
  const names = contributes.commands.map(({ command }) => command.slice('developerSignIn.'.length));
  return names.filter((name) => !name.includes('.'));
}

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Registers the commands and the handler of connection links. Their code is loaded on first use. */
function registerCommands(context: ShellContext, listed: readonly string[]): Disposable {
  let loaded: Promise<Commands> | undefined;
  const shell = () =>
    (loaded ??= import('./shell/commands.ts').then(({ createCommands }) => createCommands(context)));
  return Disposable.from(
    window.registerUriHandler({ handleUri: async (link) => (await shell()).openLink(link) }),
    ...[...listed, ...unlistedCommands].map((name) =>
      commands.registerCommand(`developerSignIn.${name}`, async (given: unknown) =>
        (await shell()).handlers[name]?.(given),
      ),
    ),
    { dispose: () => void loaded?.then((one) => one[Symbol.dispose]()) },
  );
}

/** Reports an invalid policy file and expirations of a checked setup, right after the activation. */
function followingOrganization(
  context: ShellContext,
  policyHere: () => Promise<PolicyFileHere>,
  changed: () => void,
): Disposable {
  let isOver = false;
  let following: Disposable | undefined;
  const follow = async (): Promise<void> => {
    const { watch } = await policyHere();
    const { followExpirations, followOrganization } = await afterActivation();
    if (isOver) return;
    following = Disposable.from(
      followOrganization(context, watch, changed, onFirstUse),
      followExpirations(context, systemClock),
    );
  };
  const first = setImmediate(() => void follow());
  return new Disposable(() => {
    isOver = true;
    clearImmediate(first);
    following?.dispose();
  });
}
