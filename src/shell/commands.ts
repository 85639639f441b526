import { commands, Disposable, env, l10n, window } from 'vscode';
import type { Uri } from 'vscode';
import type { ShellContext } from './context.ts';
import type { SetupChecks } from './setup/setupChecks.ts';
import { showStatusMessage } from './ui/messages.ts';

/** What `developerSignIn.describeSession` resolves to: what a tool must know beside the token; no secret. */
export interface SessionDescription {
  readonly type: 'identityCenter' | 'okta';
  readonly startUrl?: string;
  readonly region?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly grantedScopes: readonly string[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Registers the commands of the contract, and takes connection links. What is behind a command is loaded when it is called. */
export function registerCommands(context: ShellContext): Disposable[] {
  const signIn = (command: 'identityCenter' | 'builderId' | 'okta') => async (given: unknown) => {
    const { signInCommand } = await import('./signIn/signInCommands.ts');
    return signInCommand(context, command, given);
  };
  const session = () => import('./status/sessionCommands.ts');
  let setup: Promise<SetupChecks> | undefined;
  const setupChecks = () =>
    (setup ??= import('./setup/setupChecks.ts').then(({ SetupChecks: Checks }) => new Checks(context)));
  const handlers: Readonly<Record<string, (given: unknown) => unknown>> = {
    signInIdentityCenter: signIn('identityCenter'),
    signInBuilderId: signIn('builderId'),
    signInOkta: signIn('okta'),
    signOut: async (given) => (await import('./status/signOut.ts')).signOut(context, sessionIdOf(given)),
    refresh: async (given) => (await session()).refreshNow(context, sessionIdOf(given)),
    signInAgain: async (given) =>
      (await import('./signIn/signInAgain.ts')).signInAgain(context, sessionIdOf(given), 'arguments'),
    showStatus: async () => (await import('./status/statusPicker.ts')).showStatus(context),
    shareWithAwsCli: async (given) =>
      (await import('./awsCli/shareWithAwsCli.ts')).shareWithAwsCli(context, sessionIdOf(given)),
    copyDiagnostics: async () => (await import('./diagnostics/copyDiagnostics.ts')).copyDiagnostics(context),
    describeSession: (given) => describeSession(context, sessionIdOf(given)),
    checkSetup: async (given) => (await setupChecks()).check(given),
    manageConnections: async () =>
      (await import('./connections/manageConnections.ts')).manageConnections(context),
    copyConnectionLink: async () =>
      (await import('./connections/connectionLinks.ts')).copyConnectionLink(context),
    copyRedirectUris: () => copyRedirectUris(context),
    copySetupValue: async (name) => (await import('./setup/setupValues.ts')).copySetupValue(context, name),
    showLog: () => {
      context.logChannel.show();
    },
  };
  const handleUri = async (link: Uri): Promise<void> =>
    (await import('./connections/connectionLinks.ts')).openConnectionLink(context, link);
  return [
    window.registerUriHandler({ handleUri }),
    ...Object.entries(handlers).map(([name, handler]) =>
      commands.registerCommand(`developerSignIn.${name}`, handler),
    ),
    new Disposable(() => void setup?.then((checks) => checks[Symbol.dispose]())),
  ];
}

function sessionIdOf(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || !('sessionId' in given)) return undefined;
  return typeof given.sessionId === 'string' ? given.sessionId : undefined;
}

async function describeSession(
  { sessions }: ShellContext,
  id: string | undefined,
): Promise<SessionDescription | undefined> {
  const session = (await sessions.list()).sessions.find((one) => one.id === id);
  if (session === undefined) return undefined;
  const { scopes: grantedScopes, expiresAt } = session.tokenSet;
  if (session.type === 'okta') {
    const { issuer, clientId } = session.connection;
    return { type: 'okta', issuer, clientId, grantedScopes, expiresAt };
  }
  const { startUrl, region } = session.connection;
  return { type: 'identityCenter', startUrl, region, grantedScopes, expiresAt };
}

/** Those of the setting, those of connections that have ports of their own, and the issuers' own (`mixUpDefense.ts`). */
async function copyRedirectUris({ connections, settings }: ShellContext): Promise<void> {
  const { redirectUriAt, redirectUrisFor } = await import('../core/oidc/mixUpDefense.ts');
  const { redirectPath } = await import('../core/oauth/authorizationResponse.ts');
  const { redirectPorts } = settings();
  const uris = new Set(redirectPorts.map((port) => redirectUriAt(port, redirectPath)));
  for (const one of await connections()) {
    if (one.type !== 'okta') continue;
    for (const uri of await redirectUrisFor(one.issuer, one.redirectPorts ?? redirectPorts)) uris.add(uri);
  }
  await env.clipboard.writeText([...uris].join('\n'));
  showStatusMessage(l10n.t('Redirect URIs copied: {0}', uris.size), 5000);
}
