import type { Kill } from './fleet.ts';
import type { Acceptance } from './ledger.ts';

/** How a session stood when all processes were gone and a new window had refreshed it once more. */
export interface FinalState {
  readonly session: string;
  /** Whether the server has accepted the last refresh. */
  readonly asked: boolean;
  /** Whether each refresh brings an ID token. */
  readonly hasIdToken: boolean;
  /** The record's generation number. */
  readonly generation: number;
  /** A mark of the refresh token in the record. */
  readonly holds: string;
  /** Why it ended, as its record says; undefined while it lives. */
  readonly ended: string | undefined;
}

/** A lost session with the kill that explains it. */
export interface ExplainedLoss {
  readonly session: string;
  readonly kill: Kill;
  /** From the server's acceptance to the kill, milliseconds; negative when the request was under way still. */
  readonly acceptedBefore: number;
}

export interface LossAccount {
  readonly explained: readonly ExplainedLoss[];
  /** Sessions that are lost without a reason: there must be none. */
  readonly unexplained: readonly string[];
  /** Sessions whose newest token never reached a record, and which are not lost: a mistake in this account. */
  readonly orphansNotLost: readonly string[];
}

/**
 * Matches lost sessions with kills, one by one, for servers without a grace period. A session may be lost only like
 * this: the server's last acceptance for it was to a process that was killed; the record holds the
 * token that was spent there, not the one that was issued; and the record says that the server ended the grant.
 */
export function accountFor(
  finals: readonly FinalState[],
  acceptances: readonly Acceptance[],
  kills: readonly Kill[],
): LossAccount {
  const last = new Map(acceptances.map((acceptance) => [acceptance.session, acceptance]));
  const explanation = ({ session, holds, ended }: FinalState): ExplainedLoss | undefined => {
    const acceptance = last.get(session);
    const kill = kills.find((one) => one.process === acceptance?.asker);
    if (acceptance === undefined || kill === undefined) return undefined;
    const isOrphan = acceptance.spent === holds && acceptance.issued !== holds;
    if (!isOrphan || ended !== 'grantRevoked') return undefined;
    return { session, kill, acceptedBefore: kill.at - acceptance.at };
  };
  const lost = finals.filter(({ ended }) => ended !== undefined);
  const kept = finals.filter(({ ended }) => ended === undefined);
  return {
    explained: lost.map(explanation).filter((one) => one !== undefined),
    unexplained: lost.filter((one) => explanation(one) === undefined).map(({ session }) => session),
    orphansNotLost: kept
      .filter(({ session, holds }) => last.get(session)?.issued !== holds)
      .map(({ session }) => session),
  };
}
