import * as v from 'valibot';
import type { Connection } from '../connection.ts';
import { connectionSchema, normalConnection } from '../connectionSchema.ts';
import { SignInError } from '../errors.ts';
import { plainLine } from '../safeText.ts';
import { parseStartUrl } from './startUrl.ts';

/** An `[sso-session NAME]` section of the AWS CLI's configuration (PROTOCOL.md, 1); what it lacks is empty. */
export interface SsoSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

/**
 * The connection that a section means, under its name and with its scopes.
 * @throws SignInError `invalidInput` of operation `startUrl`, `region` or `ssoSession` (its scopes)
 */
export function connectionOf({ name, startUrl, region, scopes }: SsoSession): Connection {
  const url = parseStartUrl(startUrl);
  const shown = plainLine(name).slice(0, 100);
  const parsed = v.safeParse(connectionSchema, {
    type: 'identityCenter',
    name: shown === '' ? url.alias : shown,
    startUrl: url.url,
    region: url.region ?? region,
    ...(scopes.length === 0 ? {} : { scopes }),
  });
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'ssoSession', reason: 'scopes' });
  return normalConnection(parsed.output);
}
