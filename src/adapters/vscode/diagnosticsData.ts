import { release, type, arch } from 'node:os';
import { env, version, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { callbackPorts } from '../../features/callbackPorts.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { ClockSkew, DiagnosticsData, NetworkData, Versions } from '../../features/diagnosticsData.ts';
import { findSignInError } from '../../core/oauth/errors.ts';
import { classifyEnvironment } from '../../features/editorEnvironment.ts';
import type { EditorEnvironment } from '../../features/editorEnvironment.ts';
import type { OrganizationRules } from '../../features/organizationPolicy.ts';
import type { SecretStore } from '../../core/ports.ts';
import type { RecentLog } from '../../features/diagnosticsData.ts';
import type { SignInSettings } from '../../core/session/acquireTokens.ts';
import type { Sessions } from '../../core/session/sessions.ts';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import { findSsoSessions } from '../node/awsConfig.ts';
import { homeFolder } from '../node/homeFolder.ts';
import { addressOf, describeVariables, omitUndefined } from '../node/networkVariables.ts';
import { readEntries } from './connectionSettings.ts';
import { probePorts } from '../node/portProbe.ts';
import { storageData } from '../node/storageData.ts';
import { defined } from '../../core/defined.ts';

/** The sources of the diagnostics. */
interface Sources {
  readonly extension: ExtensionContext;
  readonly editorEnvironment: EditorEnvironment;
  readonly settings: () => SignInSettings;
  readonly connections: () => Promise<readonly Connection[]>;
  readonly organization: () => Promise<OrganizationRules>;
  readonly sessions: Sessions;
  readonly isSigningIn: () => boolean;
  readonly secrets: SecretStore;
  /** The folder of the sealed records. */
  readonly folder: string;
  readonly log: RecentLog;
  readonly skews: ReadonlyMap<string, ClockSkew>;
}

/** Gathers the current data for *Copy Diagnostics*. */
export async function collectDiagnostics(from: Sources): Promise<DiagnosticsData> {
  const { editorEnvironment, sessions, log } = from;
  const at = Date.now();
  const events = log.recent(); // Before this function logs anything itself.
  const connections = await from.connections();
  const settings = from.settings();
  const { sessions: stored, lost, unreadable, sessionsError } = await listed(sessions);
  const failures = stored.flatMap(({ id }) => {
    const failure = sessions.lastFailure(id);
    return failure === undefined ? [] : [[id, failure] as const];
  });
  return {
    at,
    versions: versions(from.extension),
    host: { ...editorEnvironment, row: classifyEnvironment(editorEnvironment) },
    settings,
    isSigningIn: from.isSigningIn(),
    ports: await probePorts(callbackPorts(settings.redirectPorts, connections)),
    network: networkData(),
    skews: [...from.skews.values()],
    storage: await storageData(from.folder, from.secrets, at),
    connections,
    unreadableEntries: readEntries().flatMap((entry, index) =>
      'where' in entry ? [{ index, where: entry.where }] : [],
    ),
    sessions: stored,
    ...defined({ sessionsError }),
    failures: Object.fromEntries(failures),
    lost,
    ...defined({ unreadable }),
    organization: await from.organization(),
    awsConfig: await findSsoSessions(),
    events,
    home: homeFolder(),
  };
}

/** The stored sessions. Unreadable storage must not stop a report that may be about it. */
async function listed(sessions: Sessions): Promise<StoredSessions & { readonly sessionsError?: string }> {
  try {
    return await sessions.list();
  } catch (error) {
    const { message } = findSignInError(error) ?? { message: error instanceof Error ? error.name : '' };
    return { sessions: [], lost: [], sessionsError: message };
  }
}

function versions({ extension }: ExtensionContext): Versions {
  const { version: own } = extension.packageJSON as { readonly version: string };
  return {
    extension: own,
    editor: `${env.appName} ${version} (${env.appHost})`,
    language: env.language,
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
  };
}

const flags = ['proxySupport', 'proxyStrictSSL', 'systemCertificates', 'useLocalProxyConfiguration'];

function networkData(): NetworkData {
  const http = workspace.getConfiguration('http');
  const flag = (name: string): string | undefined => {
    const value = http.get<unknown>(name);
    return typeof value === 'boolean' || typeof value === 'string' ? String(value).slice(0, 40) : undefined;
  };
  const noProxy = http.get<readonly string[]>('noProxy', []).length;
  return {
    settings: omitUndefined({
      'http.proxy': addressOf(http.get<string>('proxy', '')) ?? 'not set',
      ...Object.fromEntries(flags.map((name) => [`http.${name}`, flag(name)])),
      'http.noProxy': noProxy === 0 ? undefined : `${noProxy} hosts`,
    }),
    variables: describeVariables(process.env),
  };
}
