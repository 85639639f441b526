import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { connectionOf } from '../../features/ssoSession.ts';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';
import { isAllowed } from '../../features/organizationPolicy.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { inOrderOfUse } from './usedConnections.ts';

export type Offering = Pick<ShellContext, 'connections' | 'log' | 'memento' | 'organization' | 'ssoSessions'>;

/** The connections there are to choose from. */
export interface ConnectionOffer {
  /** From the settings, the one that was used last first. */
  readonly configured: readonly Connection[];
  /** From the AWS CLI's configuration, where the settings do not have them. */
  readonly found: readonly Connection[];
  /** From the settings, but the organization does not allow them. */
  readonly notAllowed: readonly Connection[];
  /** What is wrong in the AWS CLI's configuration. */
  readonly fileTroubles: readonly FileTrouble[];
}

/** A section that is not a connection, a file that cannot be read, or what the AWS CLI does not read in it. */
export type FileTrouble =
  | { readonly file: string; readonly section: string; readonly error: SignInError }
  | { readonly file: string; readonly code: string }
  | { readonly file: string; readonly problem: AwsConfigProblem };

/** What can be offered, of one kind or of both. */
export async function offerConnections(
  context: Offering,
  type?: Connection['type'],
): Promise<ConnectionOffer> {
  const { policy } = await context.organization();
  const wanted = (await context.connections()).filter((one) => type === undefined || one.type === type);
  const keys = new Set(wanted.map(connectionKey));
  const { found, fileTroubles } =
    type === undefined || providerOf({ type }).isInAwsConfig ? await lookIntoFile(context) : nothing;
  return {
    configured: inOrderOfUse(
      context,
      wanted.filter((one) => mayBeAllowed(policy, one)),
    ),
    notAllowed: wanted.filter((one) => !mayBeAllowed(policy, one)),
    found: found.filter((one) => !keys.has(connectionKey(one)) && mayBeAllowed(policy, one)),
    fileTroubles,
  };
}

const nothing = { found: [], fileTroubles: [] } as const;

/** Where a company's own address leads is known at a sign-in, and checked there. */
export function mayBeAllowed(policy: OrganizationPolicy, connection: Connection): boolean {
  return isAllowed(policy, connection) || providerOf(connection).isResolvedLater(connection);
}

async function lookIntoFile({
  log,
  ssoSessions,
}: Offering): Promise<Pick<ConnectionOffer, 'found' | 'fileTroubles'>> {
  const { file, sections, trouble, problems = [] } = await ssoSessions();
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
  fileTroubles.push(...problems.map((problem) => ({ file, problem })));
  if (fileTroubles.length > 0)
    log.warn('The configuration of the AWS CLI cannot be read whole', {
      file,
      troubles: fileTroubles.length,
    });
  return { found, fileTroubles };
}
