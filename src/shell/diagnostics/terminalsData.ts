import type { TerminalsData } from '../../features/diagnosticsData.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { areTerminalsHere } from '../terminal/whereTerminalsRun.ts';

/** The state of this window's terminal access, for the diagnostics. */
export async function terminalsData(
  { terminals, editorEnvironment }: Pick<ShellContext, 'terminals' | 'editorEnvironment'>,
  sessions: readonly Session[],
): Promise<TerminalsData> {
  const access = await terminals.access();
  return {
    hostName: terminals.hostName,
    areHere: areTerminalsHere(editorEnvironment),
    isOpen: access.isOpen,
    chosen: access.byDefault,
    ofAwsAccount: access.awsAccount?.sessionId,
    uses: Object.fromEntries(sessions.map(({ id }) => [id, access.usesOf(id)])),
  };
}
