import type { Connection } from '../../core/connection/connection.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import type { DescribedPlace } from '../providers/provider.ts';

/** What `developerSignIn.describeSession` resolves to: what a tool must know beside the token; no secret. */
export interface SessionDescription extends DescribedPlace {
  readonly type: Connection['type'];
  readonly grantedScopes: readonly string[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The session of that id; undefined for an unknown ID. */
export async function describeSession(
  { sessions }: Pick<ShellContext, 'sessions'>,
  id: string | undefined,
): Promise<SessionDescription | undefined> {
  const session = (await sessions.list()).sessions.find((one) => one.id === id);
  if (session === undefined) return undefined;
  const { scopes: grantedScopes, expiresAt } = session.tokenSet;
  return { type: session.type, ...providerOf(session).describe(session), grantedScopes, expiresAt };
}
