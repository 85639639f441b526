import { l10n, Uri, window } from 'vscode';
import type { Connection } from '../core/connection.ts';
import { isAllowed } from '../core/organisationPolicy.ts';
import type { OrganisationRules, PolicyProblem } from '../core/organisationPolicy.ts';

/**
 * The rules of the organisation in one line for the status, or undefined when there are none and nothing is wrong
 * with them.
 */
export function organisationLine({ file, policy, problem, state }: OrganisationRules): string | undefined {
  if (problem !== undefined)
    return l10n.t('Rules of your organisation are not obeyed: {0}', problemWords(problem));
  if (state === 'none') return undefined;
  const { allowedFlows, allowedIssuers, allowedStartUrls, allowCliCache } = policy;
  const parts = [
    ...(allowedStartUrls === undefined ? [] : [l10n.t('start URLs: {0}', listed(allowedStartUrls))]),
    ...(allowedIssuers === undefined ? [] : [l10n.t('issuers: {0}', listed(allowedIssuers))]),
    ...(allowedFlows === undefined
      ? []
      : [l10n.t('ways of signing in: {0}', listed(allowedFlows.map(flowWords)))]),
    ...(allowCliCache === false ? [l10n.t('nothing is written for the AWS CLI')] : []),
  ];
  return parts.length === 0
    ? l10n.t('Your organisation’s rules allow everything ({0})', file)
    : l10n.t('Your organisation allows only {0}', parts.join('; '));
}

/** The rules as rows of a page about one connection; none where there is nothing to say. */
export function organisationRows(
  rules: OrganisationRules,
  connection: Connection,
): readonly (readonly [string, string])[] {
  const line = organisationLine(rules);
  if (line === undefined) return [];
  return [
    [l10n.t('Policy file'), rules.file],
    [l10n.t('Rules'), line],
    ...(isAllowed(rules.policy, connection)
      ? []
      : [
          [
            l10n.t('This sign-in'),
            l10n.t('It would not be allowed any more. It stays until you sign out or it ends.'),
          ] as const,
        ]),
  ];
}

/** A way of signing in, in words. */
export function flowWords(flow: 'deviceCode' | 'authorizationCode'): string {
  return flow === 'deviceCode' ? l10n.t('a code to compare') : l10n.t('the browser comes back by itself');
}

/** Says, once when a window starts, that the policy file is not obeyed, or not whole. */
export async function sayPolicyTrouble({ file, problem, unknownRules }: OrganisationRules): Promise<void> {
  const message =
    problem !== undefined
      ? l10n.t(
          'The rules of your organisation in {0} are not in force: {1} The administrator of this machine should correct the file.',
          file,
          problemWords(problem),
        )
      : unknownRules.length > 0
        ? l10n.t(
            'The rules of your organisation in {0} name something that this version does not know: {1}. The other rules are in force. The administrator of this machine should compare the names, or update Developer Sign-In.',
            file,
            unknownRules.join(', '),
          )
        : undefined;
  if (message === undefined) return;
  const openFile = l10n.t('Open file');
  if ((await window.showErrorMessage(message, openFile)) === openFile)
    await window.showTextDocument(Uri.file(file)).then(undefined, () => undefined);
}

/** What is wrong with a policy file, as a sentence. */
export function problemWords(problem: PolicyProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return l10n.t('it cannot be read ({0}).', problem.code);
    case 'tooLarge':
      return l10n.t('it is larger than 256 KB.');
    case 'notAdministrators':
      return l10n.t('others than the administrator own or can write {0}.', problem.path);
    case 'notJson':
      return l10n.t('it is no JSON ({0}).', problem.detail);
    case 'wrongValue':
      return problem.where === ''
        ? l10n.t('it holds no object of rules.')
        : l10n.t('the value of {0} is wrong.', problem.where);
  }
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? l10n.t('none') : values.join(', ');
}
