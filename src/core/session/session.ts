import type * as v from 'valibot';
import type { Connection, IdentityCenterConnection } from '../connection/connection.ts';
import type { Frozen } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import type { aboutSchema, sessionSchema } from './sessionSchema.ts';

/** A session and what issued it (docs/ARCHITECTURE.md, rule 6). `sessionSchema.ts` documents its members. */
export type Session = Frozen<v.InferOutput<typeof sessionSchema>>;

/** A session of a connection type. */
export type SessionOf<C extends Connection> = Extract<Session, { readonly type: C['type'] }>;

/** A session at AWS IAM Identity Center or AWS Builder ID. */
export type IdentityCenterSession = SessionOf<IdentityCenterConnection>;

/** The account that signed in. */
export type Account = Session['account'];

/** When a session ended, and the error that ended it. */
export type SessionEnd = NonNullable<Session['ended']>;

/** A refresh, or a failed attempt. */
export type RefreshNote = NonNullable<Session['history']>[number];

/** A session's entry in the AWS CLI's token cache. */
export type AwsCliShare = NonNullable<Session['awsCli']>;

/** Why sharing with the AWS CLI is paused. */
export type AwsCliPause = NonNullable<AwsCliShare['paused']>;

/** A session whose record is lost, with the text stored beside it. */
export type LostSession = {
  readonly id: string;
  /** The record exists, but is damaged. */
  readonly isUnreadable?: true;
} & Frozen<v.InferOutput<typeof aboutSchema>>;

/** Whether a session is over for this window: ended, or only another window can read its newer record. */
export function isOver(session: Session, newest: boolean): boolean {
  return session.ended !== undefined || !newest;
}

/** The reason a session is over, as an error. */
export function endError({ ended }: Session): SignInError {
  if (ended === undefined)
    return new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
  const { kind, at: _at, ...details } = ended;
  return new SignInError(kind, { operation: 'session', ...details });
}
