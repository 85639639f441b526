import type { AwsRole } from './awsAccounts.ts';

/** The AWS account and role that a person chose for a workspace. */
export interface ChosenAwsAccount extends AwsRole {
  /** The session that it belongs to. */
  readonly sessionId: string;
  readonly accountName: string;
  /** Of `~/.aws/config`. */
  readonly profile: string;
}

interface ProfileValues extends AwsRole {
  readonly accountName: string;
  readonly region: string;
  /** The account of the session, by which `sso-token` finds it. */
  readonly account: string;
  /** Where the AWS CLI has the session too: the name of its `[sso-session]`. */
  readonly ssoSession: string | undefined;
}

/** A profile of `~/.aws/config`, and whether it must be added. */
export interface AwsProfile {
  readonly name: string;
  readonly lines: readonly string[];
  readonly isThere: boolean;
}

/**
 * The profile for a role: the one that is in `config` already, or one with a free name. It asks `sso-token`, or the AWS
 * CLI's own cache where the session is shared with it.
 */
export function awsProfile(config: string, facts: ProfileValues): AwsProfile {
  const { accountId, roleName, accountName, region, account, ssoSession } = facts;
  const values = [
    `region = ${region}`,
    ...(ssoSession === undefined
      ? [
          `credential_process = sso-token ${quoted(account)} --aws-credentials --account ${accountId} --role ${roleName}`,
        ]
      : [`sso_session = ${ssoSession}`, `sso_account_id = ${accountId}`, `sso_role_name = ${roleName}`]),
  ];
  const wanted = [accountName === '' ? accountId : accountName, roleName].map(inLetters).join('-');
  const profiles = profilesIn(config);
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const found = profiles.get(name);
    const isThere = found !== undefined && values.slice(1).every((line) => found.includes(line));
    if (found === undefined || isThere) return { name, lines: [`[profile ${name}]`, ...values], isThere };
  }
}

/** Letters that need no quotation marks, in a section's name and in a shell. */
function inLetters(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return letters === '' ? 'aws' : letters;
}

/** As botocore splits the value of `credential_process` (Python's `shlex`, or the rules of Windows). */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The lines of each `[profile …]`, by its name. */
function profilesIn(config: string): ReadonlyMap<string, readonly string[]> {
  const profiles = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of config.split(/\r?\n/).map((one) => one.trim())) {
    if (line.startsWith('[')) {
      const [, name] = /^\[\s*profile\s+["']?([^\]"']+)["']?\s*\]/.exec(line) ?? [];
      current = name === undefined ? undefined : [];
      if (name !== undefined && current !== undefined) profiles.set(name.trim(), current);
    } else current?.push(line);
  }
  return profiles;
}
