import { typeOf } from '../core/connection/connection.ts';
import type { Connection, IdentityCenterConnection } from '../core/connection/connection.ts';
import type { IdentityCenterSession, Session } from '../core/session/session.ts';

/** The AWS CLI and the AWS SDKs on this machine, with which users can share Identity Center sessions. */
export interface AwsCli {
  /**
   * The user's sharing preference for a connection on this machine. Undefined if the settings do not have the
   * connection, which changes nothing.
   */
  wanted(connection: IdentityCenterConnection): Promise<CliSharingPreference | undefined>;
  /** The token cache of the AWS CLI and the SDKs. */
  cache(): Promise<AwsCliCache>;
}

/** The sharing preference for a connection; `name` is undefined if sharing is off. */
export interface CliSharingPreference {
  /** Name of the `[sso-session]`. */
  readonly name: string | undefined;
}

/** The token cache of the AWS CLI and the AWS SDKs, by the name of an `[sso-session]` (docs/PROTOCOL.md, 1). */
export interface AwsCliCache {
  /** The entry under a name; `unreadable` also while another program writes it. Rejects with the system's error. */
  read(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
  /** Replaces an entry atomically; readable by its owner only. Rejects with the system's error. */
  write(name: string, token: AwsCliToken): Promise<void>;
  /** Removes an entry. Rejects with the system's error. */
  remove(name: string): Promise<void>;
}

/** A cached sign-in of the AWS CLI, with what it needs to use and refresh the token. */
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
/** A cached sign-in as read from disk: missing texts are empty, an invalid time is infinite. */
export interface AwsCliTokenAsFound extends AwsCliToken {
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  /** The file or its folder belongs to another user of this machine, or others can write to it. */
  readonly othersCanWrite?: true;
}

/** The session or connection, if it can be shared with the AWS CLI; undefined otherwise. */
export function forAwsCli(one: Session): IdentityCenterSession | undefined;
export function forAwsCli(one: Connection): IdentityCenterConnection | undefined;
export function forAwsCli<T extends Session | Connection>(one: T): T | undefined {
  return typeOf(one).hasAwsCli === true ? one : undefined;
}
