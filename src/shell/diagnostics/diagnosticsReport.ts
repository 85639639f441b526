import type { Connection } from '../../core/connection/connection.ts';
import { connectionKey, scopesOf, valueOf } from '../../core/connection/connection.ts';
import { connectionTypes, fieldsOf } from '../../core/connection/connectionFields.ts';
import { textOfValue } from '../../input/fieldValues.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import type {
  DiagnosticsData,
  PortStatus,
  StorageData,
  TerminalsData,
} from '../../features/diagnosticsData.ts';
import { isInTerminal } from '../../features/terminalAccess.ts';
import { flowTable } from '../../features/flowTable.ts';
import { redact, secretsOf } from '../../features/redaction.ts';
import type { FailedAttempt } from '../../core/session/refreshPolicy.ts';
import type { Session } from '../../core/session/session.ts';
import { maskedAccount, maskedLogin } from '../../features/sessionNames.ts';
import { shownAddress } from '../../core/text/webAddress.ts';
import { providerOf } from '../providers/index.ts';
import { codeBlock, reportValue } from '../ui/reportText.ts';

/**
 * The report of *Copy Diagnostics*: Markdown for an issue, always in English for its readers. Contains no
 * token, code or secret, and no workspace address.
 */
export function diagnosticsReport(data: DiagnosticsData, terminals?: TerminalsData): string {
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Versions', versionLines(data)],
    ['Host', hostLines(data)],
    ['Callback ports', portLines(data)],
    ['Network', networkLines(data)],
    ['Clock', clockLines(data)],
    ['Storage', storageLines(data.storage)],
    ['Organization', organizationLines(data)],
    ['AWS CLI', awsConfigLines(data)],
    ['Terminals', terminals === undefined ? [] : terminalLines(terminals)],
    ['Connections', connectionLines(data)],
    ['Sessions', sessionLines(data, terminals)],
    ['Last events', eventLines(data)],
  ];
  const text = [
    `# Developer Sign-In diagnostics`,
    '',
    isoSeconds(data.at),
    ...sections.flatMap(([title, lines]) => [
      '',
      `## ${title}`,
      '',
      ...(lines.length === 0 ? ['None.'] : lines),
    ]),
    '',
  ].join('\n');
  const secrets = data.sessions.flatMap(secretsOf);
  return redact(text, { secrets, home: data.home });
}

function versionLines({ versions }: DiagnosticsData): readonly string[] {
  const { extension, editor, language, node, system } = versions;
  return [
    `- Extension: ${extension}`,
    `- Editor: ${editor}, ${language}`,
    `- Node.js: ${node}`,
    `- System: ${system}`,
  ];
}

function hostLines({ host, settings }: DiagnosticsData): readonly string[] {
  const { loopback, order } = flowTable[host.row];
  return [
    `- Workbench: ${host.ui}; extension runs: ${host.runs}; remote: ${host.remoteName ?? 'none'}`,
    `- Sign-in environment: ${host.row} (browser redirect: ${loopback === 'perhaps' ? 'may work' : loopback === 'works' ? 'works' : 'does not work'})`,
    `- Flows at IAM Identity Center: ${order.deviceCodeFirst.join(', ')}; preferred: ${settings.identityCenterFlow}`,
    `- Flows at Okta: ${order.redirectFirst.join(', ')}`,
    `- Endpoint settings: ${endpoint(settings.endpoints.oidc)}; portal ${endpoint(settings.endpoints.portal)}`,
  ];
}

function portLines({ ports, isSigningIn }: DiagnosticsData): readonly string[] {
  const code = ({ refusals }: PortStatus, address: string): string =>
    refusals.find((refusal) => refusal.address === address)?.code ?? 'free';
  return [
    '| port | 127.0.0.1 | ::1 |',
    '| --- | --- | --- |',
    ...ports.map((status) => `| ${status.port} | ${code(status, '127.0.0.1')} | ${code(status, '::1')} |`),
    ...(isSigningIn ? ['', 'A sign-in is under way: one of them may be its own.'] : []),
  ];
}

function networkLines({ network }: DiagnosticsData): readonly string[] {
  return [...Object.entries(network.settings), ...Object.entries(network.variables)].map(
    ([name, value]) => `- ${name}: ${reportValue(value)}`,
  );
}

function clockLines({ skews }: DiagnosticsData): readonly string[] {
  return skews.map(
    ({ host, seconds, at }) =>
      `- ${reportValue(host)}: ${seconds >= 0 ? '+' : ''}${seconds} s, seen ${isoSeconds(at)}`,
  );
}

function storageLines({ keyring, folder, records, locks }: StorageData): readonly string[] {
  return [
    keyring.state === 'fails'
      ? `- Keyring: fails (${keyring.code})`
      : `- Keyring: answers, ${keyring.secrets} secrets, sealing key: ${keyring.hasSealingKey ? 'there' : 'missing'}`,
    `- Folder: ${reportValue(folder)}; ${records} records`,
    ...(locks.length === 0 ? ['- Locks: none held'] : []),
    ...locks.map(
      ({ name, pid, holder, host, ageSeconds }) =>
        `- Lock ${reportValue(name)}: process ${pid}${host === undefined ? '' : ` on ${reportValue(host)}`} (${holder}), untouched for ${ageSeconds} s`,
    ),
  ];
}

function organizationLines({ organization }: DiagnosticsData): readonly string[] {
  const { state, policy, files } = organization;
  if (state === 'none') return [];
  return [
    `- Rules: ${reportValue(JSON.stringify(policy, withoutPerson))}`,
    ...files.flatMap(({ file, problem, unknownRules }) => [
      `- ${reportValue(file)}: ${problem === undefined ? 'in force' : `broken, ${reportValue(JSON.stringify(problem))}`}`,
      ...(unknownRules.length === 0 ? [] : [`- Unknown rules: ${reportValue(unknownRules.join(', '))}`]),
    ]),
  ];
}

/** Masks the logins in a value for JSON: a rule may contain the user's own. */
function withoutPerson(name: string, value: unknown): unknown {
  const isPersonal = connectionTypes.some((type) =>
    fieldsOf(type).some((field) => field.isPersonal === true && field.name === name),
  );
  return isPersonal && typeof value === 'string' ? maskedLogin(value) : value;
}

function awsConfigLines({ awsConfig }: DiagnosticsData): readonly string[] {
  const { file, sections, errorCode, problems = [] } = awsConfig;
  return [
    `- ${reportValue(file)}: ${errorCode === undefined ? `${sections.length} sso-session sections` : `cannot be read (${errorCode})`}`,
    ...problems.map(({ line, reason, section }) =>
      section === undefined
        ? `- Line ${line}: ${reason}; the AWS CLI cannot read the file`
        : `- Line ${line}: ${reason}; the AWS CLI ignores this section`,
    ),
  ];
}

function terminalLines({ areHere, isOpen, chosen, ofAwsAccount, uses }: TerminalsData): readonly string[] {
  const asked = Object.entries(uses).flatMap(([id, ofSession]) =>
    ofSession.map(
      ({ program, count, lastAt }) =>
        `- ${reportValue(program ?? 'a program')} asked for ${id}: ${count === 1 ? '' : `${count} times, last `}${isoSeconds(lastAt)}`,
    ),
  );
  return [
    `- They run ${areHere ? 'where the extension runs' : 'on another machine'}; programs can ask this window: ${isOpen ? 'yes' : 'no'}`,
    ...(chosen === undefined ? [] : [`- Session of this workspace: ${reportValue(chosen)}`]),
    ...(ofAwsAccount === undefined
      ? []
      : [`- AWS account of this workspace: of ${reportValue(ofAwsAccount)}`]),
    ...asked,
  ];
}

/** Programs other than extensions that can get a session's tokens. */
function sharedWith(session: Session, hostName: string): readonly string[] {
  const { programPlaces = [] } = session;
  const awsCli = forAwsCli(session)?.awsCli;
  const tasks = programPlaces.filter((place) => place.startsWith(`${hostName} `)).length;
  const elsewhere = programPlaces.filter((place) => !`${place} `.startsWith(`${hostName} `)).length;
  return [
    ...(awsCli === undefined
      ? []
      : [
          `the AWS CLI as ${reportValue(awsCli.name)}${awsCli.paused === undefined ? '' : ` (paused: ${awsCli.paused})`}`,
        ]),
    ...(isInTerminal(session, hostName) ? ['terminals'] : []),
    ...(tasks === 0 ? [] : [`tasks of ${tasks} workspaces`]),
    ...(elsewhere === 0 ? [] : [`programs at ${elsewhere} places of other machines`]),
  ];
}

function connectionLines({ connections, unreadableEntries }: DiagnosticsData): readonly string[] {
  return [
    ...connections.map(connectionLine),
    ...unreadableEntries.map(
      ({ index, where }) =>
        `- Entry ${index} of the setting cannot be read: ${reportValue(where || 'the whole')}`,
    ),
  ];
}

/** All members of a connection, by their names in the settings. */
function connectionLine(connection: Connection): string {
  const more = fieldsOf(connection.type).flatMap(({ argument, isPersonal, name }) => {
    // These come first in the line.
    if (name === 'name' || argument === 'place') return [];
    const value = name === 'scopes' ? scopesOf(connection) : valueOf(connection, name);
    if (value === undefined) return [];
    const text = textOfValue(value);
    return [`${name} ${reportValue(isPersonal === true ? maskedLogin(text) : text)}`];
  });
  return [`- ${reportValue(connection.name)}: ${reportValue(connectionKey(connection))}`, ...more].join('; ');
}

function sessionLines(data: DiagnosticsData, terminals: TerminalsData | undefined): readonly string[] {
  const { sessions, sessionsError, lost, unreadable = [], failures, at } = data;
  return [
    ...(sessionsError === undefined ? [] : [`- They cannot be read: ${reportValue(sessionsError)}`]),
    ...sessions.flatMap((session) => {
      const shared = sharedWith(session, terminals?.hostName ?? '');
      return [
        ...oneSession(session, failures[session.id], at),
        ...(shared.length === 0 ? [] : [`  - shared with ${shared.join('; ')}`]),
      ];
    }),
    ...lost.map(
      ({ id, connection }) => `- ${id}: lost by the keyring; ${reportValue(connectionKey(connection))}`,
    ),
    ...unreadable.map(({ id, code }) => `- ${reportValue(id)}: cannot be read now (${reportValue(code)})`),
  ];
}

function oneSession(session: Session, failure: FailedAttempt | undefined, now: number): readonly string[] {
  const { id, account, connection, tokenSet, signedInAt, ended, history = [] } = session;
  const { obtainedAt, expiresAt, refreshToken, scopes } = tokenSet;
  const left = Math.round((expiresAt - now) / 1000);
  const report = providerOf(session).reportOf(session, isoSeconds);
  return [
    `- ${id}: ${reportValue(maskedAccount(account))} at ${reportValue(connectionKey(connection))}`,
    `  - signed in ${isoSeconds(signedInAt)}; token of ${isoSeconds(obtainedAt)}, until ${isoSeconds(expiresAt)} (${left} s)`,
    `  - refresh token: ${refreshToken === undefined ? 'none' : 'there'}; scopes ${reportValue(scopes.join(' '))}`,
    ...(report.length === 0 ? [] : [`  - ${report.join('; ')}`]),
    ...(ended === undefined
      ? []
      : [
          `  - ended ${isoSeconds(ended.at)}: ${errorLine(ended.kind, ended)}${ended.description === undefined ? '' : `, “${reportValue(ended.description)}”`}`,
        ]),
    ...(failure === undefined
      ? []
      : [
          `  - last failure in this window ${isoSeconds(failure.at)}: ${errorLine(failure.error.kind, failure.error.details)}, ${failure.failures} in a row`,
        ]),
    ...(history.length === 0
      ? []
      : [
          `  - refreshes: ${history.map((note) => `${isoSeconds(note.at)} ${note.kind === undefined ? 'done' : errorLine(note.kind, note)}`).join('; ')}`,
        ]),
  ];
}

interface LoggedError {
  readonly host?: string;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string;
}

function errorLine(kind: string, { host, status, code, requestId }: LoggedError): string {
  const parts = [kind, host, status, code, requestId].filter((part) => part !== undefined);
  return parts.map((part) => reportValue(String(part))).join(' ');
}

function eventLines({ events }: DiagnosticsData): readonly string[] {
  if (events.length === 0) return [];
  const lines = events.map(
    ({ at, level, text, times }) =>
      `${isoSeconds(at)} [${level}] ${text}${times === 1 ? '' : ` (${times} times)`}`,
  );
  return codeBlock(lines);
}

/** An endpoint without a possible password or key, and with `{region}` as in the setting. */
function endpoint(address: string): string {
  return address === '' ? 'AWS' : reportValue(shownAddress(address).replaceAll('%7Bregion%7D', '{region}'));
}

function isoSeconds(epochMilliseconds: number): string {
  const date = new Date(epochMilliseconds);
  return Number.isFinite(date.getTime()) ? date.toISOString().replace(/\.\d{3}Z$/, 'Z') : 'unknown';
}
