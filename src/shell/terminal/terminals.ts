import type { ShellContext, Terminals } from '../context.ts';
import type { TerminalAccess } from './terminalAccess.ts';
import { awsAccountKey } from './terminalPorts.ts';
import type { TerminalPorts } from './terminalPorts.ts';

/** Watches the sessions; loads terminal access when one is shared. */
export function createTerminals(
  hostName: string,
  context: () => ShellContext,
  ports: TerminalPorts,
): Terminals & { readonly dispose: () => void } {
  let access: Promise<TerminalAccess> | undefined;
  let watch: Disposable | undefined;
  let rules: { dispose(): unknown } | undefined;
  const load = (): Promise<TerminalAccess> =>
    (access ??= import('./terminalAccess.ts').then((loaded) => new loaded.TerminalAccess(context(), ports)));
  const check = async (): Promise<void> => {
    const { sessions } = await context().sessions.list();
    const hasAccount = ports.workspaceMemento.get(awsAccountKey) !== undefined;
    if (access !== undefined || hasAccount || sessions.some((one) => one.programPlaces !== undefined))
      await (await load()).update();
  };
  const checkQuietly = (): void => void check().catch(() => undefined); // The status reports problems of the records.
  // After activation, not during it.
  const first = setImmediate(() => {
    watch = context().sessions.onDidChange(checkQuietly);
    rules = context().onDidChangeOrganization(checkQuietly);
    checkQuietly();
  });
  return {
    hostName,
    awsConfig: ports.awsConfig,
    command: async () => (await ports.program()).command,
    access: load,
    dispose: () => {
      clearImmediate(first);
      watch?.[Symbol.dispose]();
      rules?.dispose();
      void access?.then((one) => one[Symbol.dispose]());
    },
  };
}
