import type { AwsRole } from './awsAccounts.ts';
import { profileIn } from './awsConfigHeader.ts';

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
  /** How a program that starts others without a shell calls `sso-token`. */
  readonly command: string;
  /** The account of the session, by which `sso-token` finds it; a person who reads the file knows it. */
  readonly account: string;
  /** By this `sso-token` finds the session too. */
  readonly sessionId: string;
  /** Where the AWS CLI has the session too: the name of its `[sso-session]`. */
  readonly ssoSession: string | undefined;
}

/** A profile of `~/.aws/config`, as it is or is to be. */
export interface AwsProfile {
  readonly name: string;
  readonly lines: readonly string[];
  /** Whether it has these lines already. */
  readonly isThere: boolean;
  /** Whether it is there for the same account and role, with another way to their credentials. */
  readonly isReplaced: boolean;
}

/**
 * The profile for a role: the one that is in `config` already, which may get its credentials another way, or one with a
 * free name. It asks `sso-token`, or the AWS CLI's own cache where the session is shared with it.
 */
export function awsProfile(config: string, profileValues: ProfileValues): AwsProfile {
  const { accountId, roleName, accountName, region, command, account, sessionId, ssoSession } = profileValues;
  const meant = isPlainArgument(account) ? account : sessionId;
  const values =
    ssoSession === undefined
      ? [
          comment,
          `credential_process = ${command} ${meant} --aws-credentials --account ${accountId} --role ${roleName}`,
        ]
      : [`sso_session = ${ssoSession}`, `sso_account_id = ${accountId}`, `sso_role_name = ${roleName}`];
  const wanted = [accountName === '' ? accountId : accountName, roleName].map(inLetters).join('-');
  const profiles = profilesIn(config);
  let replaced: AwsProfile | undefined;
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const found = profiles.get(name);
    const lines = [`[profile ${name}]`, `region = ${region}`, ...values];
    if (found === undefined) return replaced ?? { name, lines, isThere: false, isReplaced: false };
    const entries = entriesIn(found);
    const options = entries.map(([option = '']) => option.trim());
    if (values.every((line) => line === comment || options.some((one) => isSameLine(one, line))))
      return { name, lines, isThere: true, isReplaced: false };
    if (replaced === undefined && isFor(options, profileValues)) {
      const kept = entries.filter(([option = '']) => !isWay(option.trim())).flat();
      replaced = { name, lines: [`[profile ${name}]`, ...kept, ...values], isThere: false, isReplaced: true };
    }
  }
}

/** For a person who reads the file and wonders why the AWS CLI does not find the program. */
const comment = '# sso-token is in the terminals of the editor only, while Use in Terminal is on.';

/** Whether a line says how the credentials of a profile are had, as ours do. */
function isWay(line: string): boolean {
  const [key] = optionIn(line);
  return (
    line === comment || ['credential_process', 'sso_session', 'sso_account_id', 'sso_role_name'].includes(key)
  );
}

/** Whether two lines say the same to the AWS CLI, whatever spaces, delimiter and case of the key they have. */
function isSameLine(one: string, other: string): boolean {
  return optionIn(one).join('=') === optionIn(other).join('=');
}

/** The key and value of a line, as the AWS CLI reads them. */
function optionIn(line: string): readonly [key: string, value: string] {
  const delimiter = line.search(/[=:]/);
  if (delimiter < 0) return [line.toLowerCase(), ''];
  return [line.slice(0, delimiter).trim().toLowerCase(), line.slice(delimiter + 1).trim()];
}

/** Whether a profile is for this account and role, in one of the ways that are ours. */
function isFor(lines: readonly string[], { accountId, roleName }: AwsRole): boolean {
  const program = ` --aws-credentials --account ${accountId} --role ${roleName}`;
  const has = (wanted: string): boolean => lines.some((line) => isSameLine(line, wanted));
  const asksUs = lines.map(optionIn).some(([key, value]) => {
    return key === 'credential_process' && /^sso-token(\.cmd)? /.test(value) && value.endsWith(program);
  });
  return asksUs || (has(`sso_account_id = ${accountId}`) && has(`sso_role_name = ${roleName}`));
}

/** The configuration with these lines in the place of the profile that they begin with; all else stays as it is. */
export function withProfile(config: string, [header = '', ...values]: readonly string[]): string {
  const end = config.includes('\r\n') ? '\r\n' : '\n';
  const all = config.split(/\r?\n/);
  const name = nameOfProfile(header);
  const start = all.findLastIndex((line) => nameOfProfile(line.trim()) === name);
  if (name === undefined || start < 0) return config;
  const rest = all.slice(start + 1);
  const length = rest.findIndex((line) => line.trim().startsWith('['));
  const [section, after] = length < 0 ? [rest, []] : [rest.slice(0, length), rest.slice(length)];
  const gap = section.slice(section.findLastIndex((line) => line.trim() !== '') + 1);
  return [...all.slice(0, start + 1), ...values, ...gap, ...after].join(end);
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

/**
 * Whether a name is one argument as it stands, and nothing else, to each reader of `credential_process`. botocore splits the
 * value by rules of its own and starts the program itself, which for a `.cmd` file is a shell again; the SDKs for Go, Rust,
 * and Java hand it to `sh -c` or `cmd.exe /C`. No quotation marks mean the same to all of them: on Windows the SDK for Go
 * makes them a part of the name, and `$(…)` between them, or `&` where they are lost, would run another program.
 */
function isPlainArgument(text: string): boolean {
  return /^[A-Za-z\d][\w.@:/+-]*$/.test(text);
}

/** Each option of a section with the deeper lines that belong to it (`s3 =`), and each comment. */
function entriesIn(section: readonly string[]): readonly (readonly string[])[] {
  const entries: string[][] = [];
  let level = Infinity; // Nothing is there yet that a line could belong to.
  for (const line of section.filter((one) => one.trim() !== '')) {
    const indent = line.search(/\S/);
    const isComment = /^\s*[#;]/.test(line);
    if (!isComment && indent > level) entries.at(-1)?.push(line);
    else entries.push([line]);
    if (!isComment && indent <= level) level = indent;
  }
  return entries;
}

/** The lines of each `[profile …]`, by its name. */
function profilesIn(config: string): ReadonlyMap<string, readonly string[]> {
  const profiles = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of config.split(/\r?\n/)) {
    if (line.trim().startsWith('[')) {
      const name = nameOfProfile(line.trim());
      current = name === undefined ? undefined : [];
      if (name !== undefined && current !== undefined) profiles.set(name, current);
    } else current?.push(line.trimEnd());
  }
  return profiles;
}

/** The profile whose section a line begins: its name may be in quotes, with spaces before it, and a comment behind it. */
function nameOfProfile(line: string): string | undefined {
  const end = line.startsWith('[') ? line.lastIndexOf(']') : -1;
  return end < 0 ? undefined : profileIn(line.slice(1, end));
}
