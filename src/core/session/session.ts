import type { Connection, OktaConnection, OpenIdConnection } from '../connection/connection.ts';
import type { IdentityCenterIssuance, IssuanceOf } from '../providers/provider.ts';
import { SignInError } from '../oauth/errors.ts';
import type { SignInErrorKind } from '../oauth/errors.ts';
import type { Refusals } from './refreshPolicy.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';

/** Who signed in. */
export interface Account {
  /** Stable: the connection's issuer and the subject, or partition and normal start URL. */
  readonly id: string;
  /** Unique over all issuers, with the address in it; VS Code keeps another extension's consent under it. */
  readonly label: string;
  /** The login, or the name that the person gave; short, for places that show the connection beside it. */
  readonly name?: string;
}

interface CommonSession {
  /** Hex; the same connection and account always have the same. */
  readonly id: string;
  readonly account: Account;
  readonly tokenSet: TokenSet;
  /** When the person signed in, epoch milliseconds. */
  readonly signedInAt: number;
  /** When it was refreshed last, epoch milliseconds, if ever. */
  readonly refreshedAt?: number;
  /**
   * Why it is over, once it is; its access token is still served until it expires. Its record then keeps no refresh
   * token, and no access token past its end: that is empty.
   */
  readonly ended?: SessionEnd;
  /** The scopes that the sign-in asked for; absent where that was not kept. */
  readonly requestedScopes?: readonly string[];
  /** Its last ten refreshes and failed tries, oldest first. */
  readonly history?: readonly RefreshNote[];
  /** Ambiguous refusals of a refresh since the token expired, in a row. */
  readonly refusals?: Refusals;
  /** The last refresh that failed since its token came, of whichever window. */
  readonly tried?: RefreshTry;
  /** When a person chose it before others of its provider, epoch milliseconds. */
  readonly preferredAt?: number;
  /** When a person was told that it is about to end, epoch milliseconds. */
  readonly warnedAt?: number;
  /**
   * Where programs may have its token, because the person said so there: the host name of a machine, for its editor's
   * terminals, or the host name and the address of a workspace.
   */
  readonly programPlaces?: readonly string[];
}

/** A refresh that failed for a reason that passes, for the other windows of the machine. */
export interface RefreshTry extends RefreshNote {
  readonly kind: SignInErrorKind;
  /** How many have failed in a row, over all windows. */
  readonly failures: number;
  /** Epoch milliseconds before which the server asks not to be called again. */
  readonly retryAt?: number;
}

/** When a session ended, who said so, and in which words (the details are safe to show). */
export interface SessionEnd {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: SignInErrorKind;
  readonly host?: string;
  readonly code?: string;
  readonly description?: string;
  readonly requestId?: string;
  /** What the words for its kind need beside the code, such as `dpop`. */
  readonly reason?: string;
  /** As `ErrorDetails` has it. */
  readonly isGeneric?: true;
}

/** One refresh, or one try that failed: then with its kind and what is safe to show of it. */
export interface RefreshNote {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why it failed; absent when it did not. */
  readonly kind?: SignInErrorKind;
  readonly host?: string;
  readonly status?: number;
  readonly code?: string;
}

/** A session with what issued it: it is refreshed, revoked and signed out only there (docs/ARCHITECTURE.md, rule 6). */
export type Session = SessionOf<Connection>;

/** A session at AWS IAM Identity Center or AWS Builder ID. */
export interface IdentityCenterSession extends CommonSession, IdentityCenterIssuance {
  /** Where the AWS CLI has it too, because the person asked for that. */
  readonly awsCli?: AwsCliShare;
}

/** A session at an OpenID Connect provider, of one type or of all of them. */
export type OpenIdSession<C extends OpenIdConnection = OpenIdConnection> = CommonSession & IssuanceOf<C>;

/** A session at Okta. */
export type OktaSession = OpenIdSession<OktaConnection>;

/** A session with connections of a type. */
export type SessionOf<C extends Connection> = C extends OpenIdConnection
  ? OpenIdSession<C>
  : IdentityCenterSession;

/** A session's place in the token cache of the AWS CLI. */
export interface AwsCliShare {
  /** The name of the `[sso-session]`. */
  readonly name: string;
  /** Which access token was left there last: the beginning of its SHA-256, hex. Another one is the CLI's or an SDK's. */
  readonly left?: string;
  /** Why nothing is written there any more, until a person says that it is to be shared again. */
  readonly paused?: AwsCliPause;
  /** A person was asked about the pause. */
  readonly asked?: true;
}

/** Its file was removed (`aws sso logout`), has another sign-in, or can be changed by other users of the machine. */
export type AwsCliPause = 'removed' | 'replaced' | 'notPrivate';

/** A session that should be there and cannot be read any more. */
export interface LostSession {
  readonly id: string;
  readonly accountLabel: string;
  /** As {@link Account.name}. */
  readonly accountName?: string;
  readonly connection: Connection;
}

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
