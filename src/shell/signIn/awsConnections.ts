import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { connectionOf } from '../../features/ssoSession.ts';
import type { AwsConfigProblem, SsoPortal } from '../../features/ssoSession.ts';
import type { ShellContext } from '../context.ts';

/**
 * A problem of the AWS CLI's configuration: an invalid section, an unreadable file, or content that the AWS CLI
 * rejects.
 */
export type FileProblem =
  | { readonly file: string; readonly section: string; readonly error: SignInError }
  | { readonly file: string; readonly code: string }
  | { readonly file: string; readonly problem: AwsConfigProblem };

/** The connections of the AWS CLI's configuration, with problems. */
export interface AwsConnections {
  /** Its sections, and portals of profiles without a section, without duplicates. */
  readonly found: readonly Connection[];
  /** Problems in the file. */
  readonly fileProblems: readonly FileProblem[];
}

/** Finds the connections in the AWS CLI's configuration; logs the number of problems. */
export async function findAwsConnections({
  log,
  ssoSessions,
}: Pick<ShellContext, 'log' | 'ssoSessions'>): Promise<AwsConnections> {
  const { file, sections, portals = [], errorCode, problems = [] } = await ssoSessions();
  const found: Connection[] = [];
  const fileProblems: FileProblem[] = errorCode === undefined ? [] : [{ file, code: errorCode }];
  for (const section of sections) {
    try {
      found.push(connectionOf(section));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      fileProblems.push({ file, section: section.name, error });
    }
  }
  for (const portal of portals) {
    const connection = portalConnection(portal);
    if (connection === undefined) continue;
    if (!found.some((one) => connectionKey(one) === connectionKey(connection))) found.push(connection);
  }
  fileProblems.push(...problems.map((problem) => ({ file, problem })));
  if (fileProblems.length > 0)
    log.warn('The AWS CLI configuration has problems', {
      file,
      troubles: fileProblems.length,
    });
  return { found, fileProblems: fileProblems };
}

/** The connection of a portal; undefined for an invalid one, which only concerns the AWS CLI. */
function portalConnection(portal: SsoPortal): Connection | undefined {
  try {
    return connectionOf({ ...portal, name: '', scopes: [] });
  } catch {
    return undefined;
  }
}
