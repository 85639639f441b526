import { typeOf } from '../core/connection/connection.ts';
import type { Connection, IdentityCenterConnection } from '../core/connection/connection.ts';
import type { IdentityCenterSession, Session } from '../core/session/session.ts';

/** The AWS CLI and the AWS SDKs on this machine, with which a person may want an Identity Center session shared. */
export interface AwsCli {
  /**
   * Whether the person wants the sessions of this connection shared here, and under which name: undefined where the
   * settings do not know the connection, and so nothing changes; a name of undefined where it is not wanted.
   */
  wanted(connection: IdentityCenterConnection): Promise<CliSharingPreference | undefined>;
  /** Their token cache. */
  cache(): Promise<AwsCliCache>;
}

/** What the person wants of a connection; a name of undefined where it is not to be shared. */
export interface CliSharingPreference {
  /** Of the `[sso-session]`. */
  readonly name: string | undefined;
}

/** The token cache of the AWS CLI and the AWS SDKs, by the name of an `[sso-session]` (docs/PROTOCOL.md, 1). */
export interface AwsCliCache {
  /** What lies there; `unreadable` also while it is being written. Rejects with the system's error. */
  read(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
  /** Replaces what lies there whole; readable by its owner only. Rejects with the system's error. */
  write(name: string, token: AwsCliToken): Promise<void>;
  /** Gone when resolved. Rejects with the system's error. */
  remove(name: string): Promise<void>;
}

/** What the CLI keeps of a sign-in: it can use the token, and refresh it. */
export interface AwsCliToken {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  /** Epoch milliseconds; the file has whole seconds. */
  readonly expiresAt: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Epoch milliseconds; the file has whole seconds. */
  readonly registrationExpiresAt: number;
  readonly refreshToken?: string;
}
/** What is missing in it is empty, a time that cannot be read infinite. */
export interface AwsCliTokenAsFound extends AwsCliToken {
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  /** Its file or the folder belongs to another user of this machine, or others can write it. */
  readonly othersCanWrite?: true;
}

/** A session, or a connection, where the AWS CLI can have its sessions too; otherwise undefined. */
export function forAwsCli(one: Session): IdentityCenterSession | undefined;
export function forAwsCli(one: Connection): IdentityCenterConnection | undefined;
export function forAwsCli<T extends Session | Connection>(one: T): T | undefined {
  return typeOf(one).hasAwsCli === true ? one : undefined;
}
