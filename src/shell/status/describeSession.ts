import type { Connection } from '../../core/connection/connection.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import type { DescribedPlace } from '../providers/provider.ts';

/** The result of `developerSignIn.describeSession`: what a tool must know beside the token, without secrets. */
export interface SessionDescription extends DescribedPlace {
  readonly type: Connection['type'];
  readonly grantedScopes: readonly string[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The description of the session with this ID; undefined for an unknown ID. */
export async function describeSession(
  { sessions }: Pick<ShellContext, 'sessions'>,
  id: string | undefined,
): Promise<SessionDescription | undefined> {
  const session = (await sessions.list()).sessions.find((one) => one.id === id);
  if (session === undefined) return undefined;
  const { scopes: grantedScopes, expiresAt } = session.tokenSet;
  return { type: session.type, ...providerOf(session).describe(session), grantedScopes, expiresAt };
}
