import { connectionKey, scopesOf } from '../core/connection/connection.ts';
import type { Connection, IdentityCenterConnection } from '../core/connection/connection.ts';
import { connectionOf } from './ssoSession.ts';
import type { SsoProfile, SsoSession } from './ssoSession.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { resolveConnection } from '../input/customStartUrl.ts';
import { canShareWithCli } from './organizationPolicy.ts';
import type { OrganizationRules } from './organizationPolicy.ts';
import { forAwsCli } from './awsCli.ts';
import type { CliSharingPreference } from './awsCli.ts';
import type { HttpFetch } from '../core/ports.ts';

/** The connections that the user agreed to share on this machine: `[sso-session]` names by connection key. */
export type AwsCliConsents = Readonly<Record<string, string>>;

/**
 * The sharing preference for a connection: the setting, if the consent on this machine agrees. The setting
 * alone is not consent: it may be synced from another machine or come from a shared file. Undefined if the
 * settings do not have the connection.
 */
export function cliSharingPreference(
  connection: IdentityCenterConnection,
  configured: readonly Connection[],
  consents: AwsCliConsents,
  rules: OrganizationRules,
): CliSharingPreference | undefined {
  if (!canShareWithCli(rules)) return { name: undefined };
  const key = connectionKey(connection);
  const [known] = configured
    .filter((one) => connectionKey(one) === key)
    .flatMap((one) => forAwsCli(one) ?? []);
  if (known === undefined) return undefined;
  return { name: known.awsCli === consents[key] ? known.awsCli : undefined };
}

/** The section with this connection's start URL and region; of several, the one that its setting names. */
export function sectionOf(
  connection: IdentityCenterConnection,
  sections: readonly SsoSession[],
): SsoSession | undefined {
  const key = connectionKey(connection);
  const fitting = sections.filter((section) => keyOf(section) === key);
  return fitting.find(({ name }) => name === connection.awsCli) ?? fitting[0];
}

/**
 * Like {@link sectionOf}, but if no section has the start URL itself, resolves custom start URLs of sections in
 * the same region.
 */
export async function findSection(
  http: HttpFetch,
  connection: IdentityCenterConnection,
  sections: readonly SsoSession[],
  signal: AbortSignal,
): Promise<SsoSession | undefined> {
  const found = sectionOf(connection, sections);
  if (found !== undefined) return found;
  const led = await Promise.all(
    sections.slice(0, maxSections).map(async (section) => {
      const own = companyConnection(section);
      if (own === undefined) return [];
      const there = forAwsCli(await resolveConnection(http, own, signal).catch(() => own));
      return there === undefined ? [] : [{ ...section, startUrl: there.startUrl, region: there.region }];
    }),
  );
  const fitting = sectionOf(connection, led.flat());
  return sections.find(({ name }) => name === fitting?.name);
}

/** Limit for sections to resolve; users have a handful. */
const maxSections = 20;

function companyConnection(section: SsoSession): IdentityCenterConnection | undefined {
  try {
    const connection = forAwsCli(connectionOf(section));
    const isCompanys = connection !== undefined && parseStartUrl(connection.startUrl).partition === undefined;
    return isCompanys ? connection : undefined;
  } catch {
    return undefined;
  }
}

/** A name for a new section: the setting's, or the connection's name reduced to valid characters. */
export function freeName(
  { awsCli, name, startUrl }: IdentityCenterConnection,
  sections: readonly SsoSession[],
): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const wanted = awsCli ?? (letters === '' ? new URL(startUrl).hostname : letters);
  const isFree = (one: string): boolean => !sections.some((section) => section.name === one);
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number++) if (isFree(`${wanted}-${number}`)) return `${wanted}-${number}`;
}

/** The lines of a new `[sso-session]` section for `~/.aws/config`, with the session's `scopes`. */
export function sectionLines(
  name: string,
  connection: IdentityCenterConnection,
  scopes: readonly string[],
): readonly string[] {
  const wanted = [
    ...new Set([...scopesOf(connection), ...scopes.filter((one) => one === accountAccessScope)]),
  ];
  return [
    `[sso-session ${quotedName(name)}]`,
    `sso_start_url = ${connection.startUrl}`,
    `sso_region = ${connection.region}`,
    `sso_registration_scopes = ${wanted.join(',')}`,
  ];
}

/**
 * An `aws sts get-caller-identity` command for a profile of an `[sso-session]`; undefined if every profile's name
 * needs more than quotation marks in some shell. Adds the session's region if the profile has none, since the AWS
 * CLI requires one.
 */
export function callerIdentityCommand(
  profiles: readonly SsoProfile[],
  ssoSession: string,
  region: string,
): string | undefined {
  const [profile] = profiles.filter(
    (one) => one.ssoSession === ssoSession && /^[\w@+=:,./][\w@+=:,./ -]*$/.test(one.name),
  );
  if (profile === undefined) return undefined;
  const { name, hasRegion } = profile;
  const shown = name.includes(' ') ? `"${name}"` : name;
  return `aws sts get-caller-identity --profile ${shown}${hasRegion ? '' : ` --region ${region}`}`;
}

/** A name quoted for `sso-session` by the rules of a POSIX shell, as the AWS CLI reads it. */
function quotedName(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `"${name.replace(/[\\"]/g, '\\$&')}"`;
}

/** Scope that account credentials require; without it, the AWS CLI can only return the token. */
export const accountAccessScope = 'sso:account:access';

function keyOf(section: SsoSession): string | undefined {
  try {
    return connectionKey(connectionOf(section));
  } catch {
    return undefined; // An invalid connection does not match.
  }
}
