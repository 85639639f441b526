import type * as v from 'valibot';
import type { Connection, IdentityCenterConnection } from '../connection/connection.ts';
import type { Frozen } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import type { aboutSchema, sessionSchema } from './sessionSchema.ts';

/** A session with what issued it (docs/ARCHITECTURE.md, rule 6). Its members are described in `sessionSchema.ts`. */
export type Session = Frozen<v.InferOutput<typeof sessionSchema>>;

/** A session with connections of a type. */
export type SessionOf<C extends Connection> = Extract<Session, { readonly type: C['type'] }>;

/** A session at AWS IAM Identity Center or AWS Builder ID. */
export type IdentityCenterSession = SessionOf<IdentityCenterConnection>;

/** Who signed in. */
export type Account = Session['account'];

/** When a session ended, who said so, and in which words. */
export type SessionEnd = NonNullable<Session['ended']>;

/** One refresh, or one try that failed. */
export type RefreshNote = NonNullable<Session['history']>[number];

/** A session's place in the token cache of the AWS CLI. */
export type AwsCliShare = NonNullable<Session['awsCli']>;

/** Why a session is not written there any more. */
export type AwsCliPause = NonNullable<AwsCliShare['paused']>;

/** A session that should be there and cannot be read any more. */
export type LostSession = { readonly id: string } & Frozen<v.InferOutput<typeof aboutSchema>>;

/** Over for this window: ended, or replaced by a newer record that only another window can read. */
export function isOver(session: Session, newest: boolean): boolean {
  return session.ended !== undefined || !newest;
}

/** Why a session that is over is so. */
export function overError({ ended }: Session): SignInError {
  if (ended === undefined)
    return new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
  const { kind, at: _at, ...details } = ended;
  return new SignInError(kind, { operation: 'session', ...details });
}
