import type { Uri } from 'vscode';
import { shareWithAwsCli } from './awsCli/shareWithAwsCli.ts';
import { copyConnectionLink, openConnectionLink } from './connections/connectionLinks.ts';
import { copyRedirectUris } from './connections/copyRedirectUris.ts';
import { manageConnections } from './connections/manageConnections.ts';
import type { ShellContext } from './context.ts';
import { noteAdministrator } from './contextKeys.ts';
import { copyDiagnostics } from './diagnostics/copyDiagnostics.ts';
import { providerTypes, registrationOf } from './providers/registration.ts';
import type { SetupChecks } from './setup/setupChecks.ts';
import { copySetupValue } from './setup/setupValues.ts';
import { signInAgain, signInForAwsCli } from './signIn/signInAgain.ts';
import { signInCommand } from './signIn/signInCommands.ts';
import { pickSignIn } from './signIn/signInPicker.ts';
import { describeSession } from './status/describeSession.ts';
import { refreshNow } from './status/sessionCommands.ts';
import { signOut } from './status/signOut.ts';
import { showStatus } from './status/statusPicker.ts';
import { switchAccount } from './status/switchAccount.ts';
import { openAwsConsole } from './terminal/openAwsConsole.ts';
import { tokenForInput } from './terminal/tokenForInput.ts';
import { useAwsAccount } from './terminal/useAwsAccount.ts';
import { useInTerminal } from './terminal/useInTerminal.ts';

/** The command handlers. Disposing of them closes the view of the setup checks. */
export interface Commands extends Disposable {
  /**
   * Handlers by name without `developerSignIn.`: the manifest's commands, and those of links, tooltips and
   * other extensions.
   */
  readonly handlers: Readonly<Record<string, (given: unknown) => unknown>>;
  readonly openLink: (link: Uri) => Promise<void>;
}

/** Creates the command handlers; loaded with the first command. The setup checks are loaded separately. */
export function createCommands(context: ShellContext): Commands {
  const signIns = providerTypes
    .flatMap((type) => Object.entries(registrationOf(type).commands))
    .map(([name, command]) => [name, (given: unknown) => signInCommand(context, command, given)] as const);
  let setup: Promise<SetupChecks> | undefined;
  const setupChecks = () =>
    (setup ??= import('./setup/setupChecks.ts').then(({ SetupChecks: Checks }) => new Checks(context)));
  return {
    handlers: {
      ...Object.fromEntries(signIns),
      signIn: () => pickSignIn(context),
      switchAccount: () => switchAccount(context),
      signOut: (given) => signOut(context, sessionIdOf(given)),
      refresh: (given) => refreshNow(context, sessionIdOf(given)),
      signInAgain: (given) => signInAgain(context, sessionIdOf(given), 'request'),
      showStatus: () => showStatus(context),
      shareWithAwsCli: (given) => shareWithAwsCli(context, sessionIdOf(given), signInForAwsCli),
      useInTerminal: (given) => useInTerminal(context, sessionIdOf(given)),
      useAwsAccount: (given) => useAwsAccount(context, given),
      openAwsConsole: (given) => openAwsConsole(context, given),
      token: (given) => tokenForInput(context, given),
      copyDiagnostics: () => copyDiagnostics(context),
      describeSession: (given) => describeSession(context, sessionIdOf(given)),
      checkSetup: async (given) => {
        void noteAdministrator(context);
        return (await setupChecks()).check(given);
      },
      checkPerson: async () => (await setupChecks()).checkPerson(),
      manageConnections: () => manageConnections(context),
      copyConnectionLink: () => copyConnectionLink(context),
      copyRedirectUris: () => copyRedirectUris(context),
      copySetupValue: (name) => copySetupValue(context, name),
      showLog: () => {
        context.logChannel.show();
      },
    },
    openLink: (link) => openConnectionLink(context, link),
    [Symbol.dispose]: () => void setup?.then((checks) => checks[Symbol.dispose]()),
  };
}

function sessionIdOf(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || !('sessionId' in given)) return undefined;
  return typeof given.sessionId === 'string' ? given.sessionId : undefined;
}
