import type { AwsCliTokenAsFound } from './awsCli.ts';

/** The paths of the AWS CLI's token cache on this machine, for display. */
export interface AwsCliPaths {
  readonly hostName: string;
  /** The path of an `[sso-session]`'s token, for display. */
  pathOf(name: string): string;
  /** A path with the home folder as `~`. */
  shown(path: string): string;
  /** The current entry under a name. Rejects with the system's error. */
  found(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
}
