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

/** For which connections the person said yes on this machine, and to which name; by the connection's key. */
export type AwsCliConsents = Readonly<Record<string, string>>;

/**
 * Whether the sessions of a connection are to be shared on this machine. The settings alone do not count as a yes: they may have
 * come from another machine, or from a person who wrote them for many; so they must agree with the consent that was
 * given here. Undefined where the settings do not know the connection.
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

/** The section of this connection, by its start URL and region; the one that its setting names where several are. */
export function sectionOf(
  connection: IdentityCenterConnection,
  sections: readonly SsoSession[],
): SsoSession | undefined {
  const key = connectionKey(connection);
  const fitting = sections.filter((section) => keyOf(section) === key);
  return fitting.find(({ name }) => name === connection.awsCli) ?? fitting[0];
}

/**
 * As {@link sectionOf}; where no section has the address itself, those at a company's own address in the same region
 * are followed to where they lead.
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
    sections.slice(0, mostSections).map(async (section) => {
      const own = companyConnection(section);
      if (own === undefined) return [];
      const there = forAwsCli(await resolveConnection(http, own, signal).catch(() => own));
      return there === undefined ? [] : [{ ...section, startUrl: there.startUrl, region: there.region }];
    }),
  );
  const fitting = sectionOf(connection, led.flat());
  return sections.find(({ name }) => name === fitting?.name);
}

/** So many sections are followed at most; people have a handful. */
const mostSections = 20;

function companyConnection(section: SsoSession): IdentityCenterConnection | undefined {
  try {
    const connection = forAwsCli(connectionOf(section));
    const isCompanys = connection !== undefined && parseStartUrl(connection.startUrl).partition === undefined;
    return isCompanys ? connection : undefined;
  } catch {
    return undefined;
  }
}

/** A name for a section that is not there yet: the setting's, or the connection's own in letters that a section may have. */
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

/** The `[sso-session]` section to add to `~/.aws/config`, line by line; `scopes` are those of the session. */
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
 * The command that shows who one is with a profile of an `[sso-session]`; undefined where none has a name that every
 * shell takes as it stands. A profile without a region gets that of the session: the AWS CLI refuses to go without one.
 */
export function callerIdentityCommand(
  profiles: readonly SsoProfile[],
  ssoSession: string,
  region: string,
): string | undefined {
  const [profile] = profiles.filter(
    (one) => one.ssoSession === ssoSession && /^[\w@+=:,./][\w@+=:,./-]*$/.test(one.name),
  );
  if (profile === undefined) return undefined;
  const { name, hasRegion } = profile;
  return `aws sts get-caller-identity --profile ${name}${hasRegion ? '' : ` --region ${region}`}`;
}

/** A name as the AWS CLI reads it behind `sso-session`, where the rules of a POSIX shell hold. */
function quotedName(name: string): string {
  return /^[\w@%+=:,./-]+$/.test(name) ? name : `"${name.replace(/[\\"]/g, '\\$&')}"`;
}

/** Without this scope the AWS CLI can hand out the token, but get no credentials of an account with it. */
export const accountAccessScope = 'sso:account:access';

function keyOf(section: SsoSession): string | undefined {
  try {
    return connectionKey(connectionOf(section));
  } catch {
    return undefined; // What is not a connection is not this one.
  }
}
