import type { Kill } from './fleet.ts';
import type { Acceptance } from './ledger.ts';

/** The state of a session after all processes ended and a new window refreshed it again. */
export interface FinalState {
  readonly session: string;
  /** Whether the server accepted the last refresh. */
  readonly asked: boolean;
  /** Whether each refresh returns an ID token. */
  readonly hasIdToken: boolean;
  /** The generation number of the record. */
  readonly generation: number;
  /** The mark of the refresh token in the record. */
  readonly holds: string;
  /** The reason in the record of an ended session; otherwise undefined. */
  readonly ended: string | undefined;
}

/** A lost session with the kill that explains it. */
export interface ExplainedLoss {
  readonly session: string;
  readonly kill: Kill;
  /** Milliseconds from the server's acceptance to the kill; negative if the request was still pending. */
  readonly acceptedBefore: number;
}

export interface LossAccount {
  readonly explained: readonly ExplainedLoss[];
  /** Sessions lost without an explanation: must be empty. */
  readonly unexplained: readonly string[];
  /** Sessions whose newest token never reached a record, but which are not lost: an accounting error. */
  readonly orphansNotLost: readonly string[];
}

/**
 * Matches lost sessions with kills one by one, for servers without a grace period. A session may be lost only as
 * follows: the server's last acceptance went to a process that was killed; the record contains the token spent
 * there, not the one issued; and the record says that the server ended the grant.
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
