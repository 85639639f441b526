import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { connectionOf } from '../../features/ssoSession.ts';
import type { AwsConfigProblem, SsoPortal } from '../../features/ssoSession.ts';
import type { ShellContext } from '../context.ts';

/** A section that is not a connection, a file that cannot be read, or what the AWS CLI does not read in it. */
export type FileTrouble =
  | { readonly file: string; readonly section: string; readonly error: SignInError }
  | { readonly file: string; readonly code: string }
  | { readonly file: string; readonly problem: AwsConfigProblem };

/** What the AWS CLI's configuration has. */
export interface AwsConnections {
  /** Its sections, and the portals of profiles without one, each once. */
  readonly found: readonly Connection[];
  /** What is wrong in it. */
  readonly fileTroubles: readonly FileTrouble[];
}

/** The connections in the AWS CLI's configuration; what is wrong in it is counted in the log. */
export async function findAwsConnections({
  log,
  ssoSessions,
}: Pick<ShellContext, 'log' | 'ssoSessions'>): Promise<AwsConnections> {
  const { file, sections, portals = [], trouble, problems = [] } = await ssoSessions();
  const found: Connection[] = [];
  const fileTroubles: FileTrouble[] = trouble === undefined ? [] : [{ file, code: trouble }];
  for (const section of sections) {
    try {
      found.push(connectionOf(section));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      fileTroubles.push({ file, section: section.name, error });
    }
  }
  for (const portal of portals) {
    const connection = portalConnection(portal);
    if (connection === undefined) continue;
    if (!found.some((one) => connectionKey(one) === connectionKey(connection))) found.push(connection);
  }
  fileTroubles.push(...problems.map((problem) => ({ file, problem })));
  if (fileTroubles.length > 0)
    log.warn('The AWS CLI configuration has problems', {
      file,
      troubles: fileTroubles.length,
    });
  return { found, fileTroubles };
}

/** What is wrong with a profile is a matter of the AWS CLI, which can go on with another one. */
function portalConnection(portal: SsoPortal): Connection | undefined {
  try {
    return connectionOf({ ...portal, name: '', scopes: [] });
  } catch {
    return undefined;
  }
}
