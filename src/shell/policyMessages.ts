import { l10n, Uri, window } from 'vscode';
import type { Connection } from '../core/connection/connection.ts';
import { areRulesLacking, faultsOf, isAllowed } from '../features/organizationPolicy.ts';
import type {
  FaultyFile,
  OrganizationRules,
  PolicyFile,
  PolicyProblem,
} from '../features/organizationPolicy.ts';
import { askInformation, showError } from './ui/messages.ts';
import type { ListRow } from './ui/quickPick.ts';
import { joinSentences } from '../output/joinSentences.ts';

/** The organization's rules as a row of the status list; undefined without rules. */
export function organizationRow(
  rules: OrganizationRules,
): (ListRow & { readonly choose: () => Promise<unknown> }) | undefined {
  if (rules.state === 'none' && rules.environment === undefined) return undefined;
  const faults = faultsOf(rules);
  const lines = ruleRows(rules).map(([name, value]) => `${name}: ${value}`);
  const show = (message: string) => showRules(rules, message, lines);
  if (faults.length === 0) {
    const label = l10n.t('Organization policy');
    return { icon: 'law', label, detail: lines.join(' · '), choose: () => show(label) };
  }
  const label =
    faults.length === rules.files.length
      ? l10n.t('Organization policy isn’t being enforced')
      : l10n.t('Organization policy is only partly enforced');
  const detail = joinSentences(...faults.map((fault) => faultMessage(rules, fault)));
  return { icon: 'warning', label, detail, choose: () => show(label) };
}

/** The problem of a file, with its name if there are several. */
function faultMessage({ files }: OrganizationRules, { file, problem }: FaultyFile): string {
  const words = problemMessage(problem);
  return files.length === 1 ? words : `${file}: ${words}`;
}

/** The rules that concern one connection, as rows of its page. */
export function organizationRows(
  rules: OrganizationRules,
  connection: Connection,
): readonly (readonly [string, string])[] {
  if (rules.state === 'none') return [];
  return [
    ...ruleRows(rules),
    ...(isAllowed(rules.policy, connection)
      ? []
      : [
          [
            l10n.t('This sign-in'),
            l10n.t('No longer allowed by policy. It stays active until it expires or you sign out.'),
          ] as const,
        ]),
  ];
}

/** Each rule with its value, file, and problems. */
function ruleRows(rules: OrganizationRules): readonly (readonly [string, string])[] {
  const { environment, file, files, policy } = rules;
  const { allowedEndpoints, allowedFlows, allowedIssuers, allowedStartUrls, allowCliCache, allowTerminal } =
    policy;
  const provided = policy.connections?.map(({ name }) => name);
  const rows: (readonly [string, string] | undefined)[] = [
    ...faultsOf(rules).map((fault) => [l10n.t('Not enforced'), faultMessage(rules, fault)] as const),
    environment === undefined ? undefined : [l10n.t('Path from ProgramData'), environment],
    allowedStartUrls && [l10n.t('Allowed start URLs'), listed(allowedStartUrls)],
    allowedIssuers && [l10n.t('Allowed issuers'), listed(allowedIssuers)],
    allowedEndpoints && [l10n.t('Allowed endpoints'), listed(allowedEndpoints)],
    allowedFlows && [l10n.t('Allowed sign-in methods'), listed(allowedFlows.map(flowText))],
    provided && [l10n.t('Provided connections'), listed(provided)],
    allowCliCache === false ? [l10n.t('Sharing with the AWS CLI'), l10n.t('not allowed')] : undefined,
    allowTerminal === false ? [l10n.t('Programs in the terminal'), l10n.t('not allowed')] : undefined,
  ];
  const known = rows.filter((row) => row !== undefined);
  const all = known.length === 0 ? [[l10n.t('Allowed'), l10n.t('everything')] as const] : known;
  return [
    ...all,
    ...(files.length === 0 ? [file] : files.map((one) => one.file)).map(
      (one) => [l10n.t('Policy file'), one] as const,
    ),
  ];
}

async function showRules(rules: OrganizationRules, message: string, lines: readonly string[]): Promise<void> {
  const openFile = l10n.t('Open File');
  const detail = lines.join('\n');
  const { file } = faultsOf(rules)[0] ?? rules.files[0] ?? rules;
  if ((await askInformation(message, { detail }, openFile)) === openFile) await showFile(file);
}

/** Opens a file; VS Code itself shows why it cannot. */
async function showFile(file: string): Promise<void> {
  await window.showTextDocument(Uri.file(file)).then(undefined, () => undefined);
}

/** The display name of a sign-in method. */
export function flowText(flow: 'deviceCode' | 'authorizationCode'): string {
  return flow === 'deviceCode' ? l10n.t('device code') : l10n.t('browser redirect');
}

/** Messages about the rules to show as soon as they are read, each with its file. */
export function policyWarnings(rules: OrganizationRules): readonly PolicyWarning[] {
  const { environment, file, files } = rules;
  const problems = files.flatMap((one) => {
    const message = fileProblemMessage(rules, one);
    return message === undefined ? [] : [{ file: one.file, message }];
  });
  if (problems.length > 0 || environment === undefined) return problems;
  const message = l10n.t(
    'The ProgramData variable points to another policy file ({0}). The policy file of this computer is used: {1}. Remove the variable, or ask your administrator.',
    environment,
    file,
  );
  return [{ file, message }];
}

/** A message about a policy file that is not applied. */
export interface PolicyWarning {
  readonly file: string;
  readonly message: string;
}

function fileProblemMessage(
  rules: OrganizationRules,
  { file, problem, unknownRules }: PolicyFile,
): string | undefined {
  if (problem !== undefined && areRulesLacking(rules))
    return l10n.t(
      'Sign-in is blocked because your organization’s policy in {0} can’t be applied: {1} Ask your administrator to correct the file.',
      file,
      problemMessage(problem),
    );
  if (problem !== undefined)
    return l10n.t(
      'Your organization’s policy in {0} isn’t being enforced: {1} Ask your administrator to correct the file.',
      file,
      problemMessage(problem),
    );
  return unknownRules.length === 0
    ? undefined
    : l10n.t(
        'Your organization’s policy in {0} contains unknown rules: {1}. The other rules are enforced. Ask your administrator to correct the file, or update Developer Sign-In.',
        file,
        unknownRules.join(', '),
      );
}

/** Shows that a policy file is not applied, or only in part. */
export async function showPolicyWarning({ file, message }: PolicyWarning): Promise<void> {
  const openFile = l10n.t('Open File');
  if ((await showError(message, openFile)) === openFile) await showFile(file);
}

/** A sentence about a policy file's problem. */
export function problemMessage(problem: PolicyProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return l10n.t('it can’t be read ({0}).', problem.code);
    case 'tooLarge':
      return l10n.t('it’s larger than 256 KB.');
    case 'tooManyFiles':
      return l10n.t('it contains more than 100 files.');
    case 'notAdministrators':
      return l10n.t('{0} can be modified by non-administrators.', problem.path);
    case 'notJson':
      return l10n.t('it isn’t valid JSON ({0}).', problem.detail);
    case 'notChecked':
      return l10n.t('its owner and permissions can’t be checked ({0}).', problem.code);
    case 'missing':
      return l10n.t('it’s missing.');
    case 'nearRule':
      return l10n.t('{0} isn’t a rule; did you mean {1}?', problem.name, problem.rule);
    case 'duplicate':
      return l10n.t('{0} appears more than once.', problem.name);
    case 'wrongValue':
      return problem.where === ''
        ? l10n.t('it isn’t a JSON object.')
        : l10n.t('the value of {0} is invalid.', problem.where);
  }
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? l10n.t('none') : values.join(', ');
}
