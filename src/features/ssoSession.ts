import * as v from 'valibot';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import { normalConnection } from '../input/addresses.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { plainLine } from '../core/text/safeText.ts';
import { nameOfStartUrl, parseStartUrl } from '../input/startUrl.ts';

/** An `[sso-session NAME]` section of the AWS CLI's configuration (docs/PROTOCOL.md, 1); missing values are empty. */
export interface SsoSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

/** An AWS CLI profile with an `[sso-session]`, an account and a role, for `aws --profile`. */
export interface SsoProfile {
  readonly name: string;
  readonly ssoSession: string;
  /** Whether it sets a region. */
  readonly hasRegion: boolean;
}

/** A portal of profiles in the legacy form: with `sso_start_url` and without `sso_session`. */
export type SsoPortal = Pick<SsoSession, 'startUrl' | 'region'>;

/** The reason why the AWS CLI rejects the whole file (also without `section`), or ignores one section. */
export interface AwsConfigProblem {
  /** Line number from 1. */
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
  /** Header of the ignored section, without brackets. */
  readonly section?: string;
}

/** Sections of the AWS CLI's configuration; `errorCode` is the system's error code if it cannot be read. */
export interface SsoSessionsFound {
  readonly file: string;
  readonly sections: readonly SsoSession[];
  readonly profiles?: readonly SsoProfile[];
  /** Without duplicates. */
  readonly portals?: readonly SsoPortal[];
  readonly errorCode?: string;
  readonly problems?: readonly AwsConfigProblem[];
}

/**
 * The connection of a section, with its name and scopes.
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
