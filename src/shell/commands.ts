import { commands, Disposable, window } from 'vscode';
import type { Uri } from 'vscode';
import type { ShellContext } from './context.ts';
import { providerTypes, registrationOf } from './providers/registration.ts';
import type { SignInCommand } from './providers/registration.ts';
import type { SetupChecks } from './setup/setupChecks.ts';

/** Registers the commands of the contract, and takes connection links. What is behind a command is loaded when it is called. */
export function registerCommands(context: ShellContext): Disposable[] {
  const signIn = (command: SignInCommand) => async (given: unknown) => {
    const { signInCommand } = await import('./signIn/signInCommands.ts');
    return signInCommand(context, command, given);
  };
  const signIns = providerTypes
    .flatMap((type) => Object.entries(registrationOf(type).commands))
    .map(([name, command]) => [name, signIn(command)] as const);
  const session = () => import('./status/sessionCommands.ts');
  let setup: Promise<SetupChecks> | undefined;
  const setupChecks = () =>
    (setup ??= import('./setup/setupChecks.ts').then(({ SetupChecks: Checks }) => new Checks(context)));
  const handlers: Readonly<Record<string, (given: unknown) => unknown>> = {
    ...Object.fromEntries(signIns),
    signOut: async (given) => (await import('./status/signOut.ts')).signOut(context, sessionIdOf(given)),
    refresh: async (given) => (await session()).refreshNow(context, sessionIdOf(given)),
    signInAgain: async (given) =>
      (await import('./signIn/signInAgain.ts')).signInAgain(context, sessionIdOf(given), 'arguments'),
    showStatus: async () => (await import('./status/statusPicker.ts')).showStatus(context),
    shareWithAwsCli: async (given) =>
      (await import('./awsCli/shareWithAwsCli.ts')).shareWithAwsCli(context, sessionIdOf(given)),
    copyDiagnostics: async () => (await import('./diagnostics/copyDiagnostics.ts')).copyDiagnostics(context),
    describeSession: async (given) =>
      (await import('./status/describeSession.ts')).describeSession(context, sessionIdOf(given)),
    checkSetup: async (given) => (await setupChecks()).check(given),
    manageConnections: async () =>
      (await import('./connections/manageConnections.ts')).manageConnections(context),
    copyConnectionLink: async () =>
      (await import('./connections/connectionLinks.ts')).copyConnectionLink(context),
    copyRedirectUris: async () =>
      (await import('./connections/copyRedirectUris.ts')).copyRedirectUris(context),
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
