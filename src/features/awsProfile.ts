import type { AwsRole } from './awsAccounts.ts';
import { profileIn } from './awsConfigHeader.ts';

/** The AWS account and role that the user chose for a workspace. */
export interface ChosenAwsAccount extends AwsRole {
  /** The session that provides the credentials. */
  readonly sessionId: string;
  readonly accountName: string;
  /** Profile name in `~/.aws/config`. */
  readonly profile: string;
}

interface ProfileValues extends AwsRole {
  readonly accountName: string;
  readonly region: string;
  /** The command for `sso-token` in programs that start others without a shell. */
  readonly command: string;
  /** The session's account: `sso-token` finds the session by it, and a reader of the file recognizes it. */
  readonly account: string;
  /** Also identifies the session to `sso-token`. */
  readonly sessionId: string;
  /** Name of the `[sso-session]`, if the session is shared with the AWS CLI. */
  readonly ssoSession: string | undefined;
}

/** An existing or new profile of `~/.aws/config`. */
export interface AwsProfile {
  readonly name: string;
  readonly lines: readonly string[];
  /** Whether the file already has these lines. */
  readonly isThere: boolean;
  /** Whether an existing profile has the same account and role, but gets credentials in another way. */
  readonly isReplaced: boolean;
}

/**
 * The profile for a role: an existing one, which may get its credentials in another way, or a new one with a
 * free name. It calls `sso-token`, or uses the AWS CLI's cache if the session is shared with it.
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
      const kept = entries.filter(([option = '']) => !isCredentialSource(option.trim())).flat();
      replaced = { name, lines: [`[profile ${name}]`, ...kept, ...values], isThere: false, isReplaced: true };
    }
  }
}

/** For readers who wonder why the AWS CLI does not find the program. */
const comment = '# sso-token works only in terminals of the editor, while Use in Terminal is on.';

/** Whether a line sets the source of a profile's credentials, as our profiles do. */
function isCredentialSource(line: string): boolean {
  const [key] = optionIn(line);
  return (
    line === comment || ['credential_process', 'sso_session', 'sso_account_id', 'sso_role_name'].includes(key)
  );
}

/** Whether two lines mean the same to the AWS CLI, ignoring white space, delimiter and case of the key. */
function isSameLine(one: string, other: string): boolean {
  return optionIn(one).join('=') === optionIn(other).join('=');
}

/** The key and value of a line, parsed as the AWS CLI does. */
function optionIn(line: string): readonly [key: string, value: string] {
  const delimiter = line.search(/[=:]/);
  if (delimiter < 0) return [line.toLowerCase(), ''];
  return [line.slice(0, delimiter).trim().toLowerCase(), line.slice(delimiter + 1).trim()];
}

/** Whether a profile has this account and role in one of our forms. */
function isFor(lines: readonly string[], { accountId, roleName }: AwsRole): boolean {
  const program = ` --aws-credentials --account ${accountId} --role ${roleName}`;
  const has = (wanted: string): boolean => lines.some((line) => isSameLine(line, wanted));
  const asksUs = lines.map(optionIn).some(([key, value]) => {
    return key === 'credential_process' && /^sso-token(\.cmd)? /.test(value) && value.endsWith(program);
  });
  return asksUs || (has(`sso_account_id = ${accountId}`) && has(`sso_role_name = ${roleName}`));
}

/** The configuration with the profile of the first line replaced by these lines; the rest is preserved. */
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

/** A name reduced to characters that need no quotes in a section header or a shell. */
function inLetters(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return letters === '' ? 'aws' : letters;
}

/**
 * Whether a name is a single literal argument to every reader of `credential_process`. botocore splits the
 * value by its own rules and starts the program itself, which for a `.cmd` file is a shell again; the SDKs for
 * Go, Rust and Java pass it to `sh -c` or `cmd.exe /C`. Quotes are not portable: on Windows, the SDK for Go
 * makes them part of the name, and `$(…)` or a bare `&` would run another program.
 */
function isPlainArgument(text: string): boolean {
  return /^[A-Za-z\d][\w.@:/+-]*$/.test(text);
}

/** The entries of a section: each option with its indented lines (`s3 =`), and each comment. */
function entriesIn(section: readonly string[]): readonly (readonly string[])[] {
  const entries: string[][] = [];
  let level = Infinity; // No option yet to which a line could belong.
  for (const line of section.filter((one) => one.trim() !== '')) {
    const indent = line.search(/\S/);
    const isComment = /^\s*[#;]/.test(line);
    if (!isComment && indent > level) entries.at(-1)?.push(line);
    else entries.push([line]);
    if (!isComment && indent <= level) level = indent;
  }
  return entries;
}

/** The lines of each `[profile …]` section, by name. */
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

/** The profile of a section header, which may be quoted, indented, or followed by a comment. */
function nameOfProfile(line: string): string | undefined {
  const end = line.startsWith('[') ? line.lastIndexOf(']') : -1;
  return end < 0 ? undefined : profileIn(line.slice(1, end));
}
