import type { AwsCliTokenAsFound } from './awsCli.ts';

/** The AWS CLI's token cache on this machine, as the shell shows it to a person. */
export interface AwsCliPaths {
  readonly hostName: string;
  /** Where the token of an `[sso-session]` lies, as people write it. */
  pathOf(name: string): string;
  /** A path as people write it: their home as `~`. */
  shown(path: string): string;
  /** What lies under a name now. Rejects with the system's error. */
  found(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
}
