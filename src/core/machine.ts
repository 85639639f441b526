import type { SsoSession } from './identityCenter/ssoSession.ts';
import type { IdentityCenterConnection } from './connection.ts';
import type { AwsCliTokenAsFound } from './ports.ts';

/** The AWS CLI's files on this machine, as the shell asks for them and shows them. */
export interface AwsCliPlace {
  readonly hostName: string;
  /** Where the CLI has its configuration; the home folder as `~`. */
  readonly configuration: string;
  /** Where the token of an `[sso-session]` lies; the home folder as `~`. */
  pathOf(name: string): string;
  /** Its `[sso-session]` sections; none when it cannot be read. */
  sections(): Promise<readonly SsoSession[]>;
  /** What lies under a name now. */
  found(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
  /** Writes the wish into the person's settings and the consent beside it; without a name, takes both back. */
  remember(connection: IdentityCenterConnection, name: string | undefined): Promise<void>;
}
