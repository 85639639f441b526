import * as v from 'valibot';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import { normalConnection } from '../input/addresses.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { plainLine } from '../core/text/safeText.ts';
import { nameOfStartUrl, parseStartUrl } from '../input/startUrl.ts';

/** An `[sso-session NAME]` section of the AWS CLI's configuration (docs/PROTOCOL.md, 1); what it lacks is empty. */
export interface SsoSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

/** A profile of the AWS CLI that names an `[sso-session]`, an account and a role: what `aws --profile` can use. */
export interface SsoProfile {
  readonly name: string;
  readonly ssoSession: string;
  /** Whether it says in which region its requests go. */
  readonly hasRegion: boolean;
}

/** A portal that profiles of the older form name themselves: with `sso_start_url` and without `sso_session`. */
export type SsoPortal = Pick<SsoSession, 'startUrl' | 'region'>;

/** Why the AWS CLI refuses the whole configuration file (also without a section), or passes over one section. */
export interface AwsConfigProblem {
  /** From 1. */
  readonly line: number;
  readonly reason:
    | 'noSection'
    | 'noDelimiter'
    | 'emptyKey'
    | 'duplicateSection'
    | 'duplicateKey'
    | 'nestedValue'
    | 'encoding'
    | 'sectionName'
    | 'sectionQuote'
    | 'sectionSpelling';
  /** What stands in the brackets of the section that is passed over. */
  readonly section?: string;
}

/** What the AWS CLI's configuration has; `trouble` is the system's code when it cannot be read. */
export interface SsoSessionsFound {
  readonly file: string;
  readonly sections: readonly SsoSession[];
  readonly profiles?: readonly SsoProfile[];
  /** Each once. */
  readonly portals?: readonly SsoPortal[];
  readonly trouble?: string;
  readonly problems?: readonly AwsConfigProblem[];
}

/**
 * The connection that a section means, under its name and with its scopes.
 * @throws SignInError `invalidInput` of operation `startUrl`, `region` or `ssoSession` (its scopes)
 */
export function connectionOf({ name, startUrl, region, scopes }: SsoSession): Connection {
  const url = parseStartUrl(startUrl, region);
  const shown = plainLine(name).slice(0, 100);
  const parsed = v.safeParse(connectionSchema, {
    type: 'identityCenter',
    name: shown === '' ? nameOfStartUrl(url) : shown,
    startUrl: url.url,
    region: url.region ?? region,
    ...(scopes.length === 0 ? {} : { scopes }),
  });
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'ssoSession', reason: 'scopes' });
  return normalConnection(parsed.output);
}
