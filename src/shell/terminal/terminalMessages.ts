import { l10n } from 'vscode';
import { plainLine } from '../../core/text/safeText.ts';
import type { TerminalProblem } from '../../features/terminalAccess.ts';
import { exitCodes } from '../../features/terminalProtocol.ts';
import type { TerminalFailure } from '../../features/terminalProtocol.ts';
import { errorWords, inOneLine } from '../errorMessages.ts';

/** A problem in the words of `sso-token`, with its exit code. */
export function failureOf(problem: TerminalProblem): TerminalFailure {
  const { exitCode, message } = wordsOf(problem);
  return { exitCode, message: plainLine(message) }; // A terminal obeys what it is sent.
}

function wordsOf(problem: TerminalProblem): TerminalFailure {
  switch (problem.kind) {
    case 'notShared':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          'No sign-in is shared with this terminal. Run “Use in Terminal” in the Command Palette of the editor.',
        ),
      };
    case 'unknown':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          '“{0}” is not shared with this terminal. You can use: {1}.',
          problem.name,
          problem.known.join(', '),
        ),
      };
    case 'several':
      return {
        exitCode: exitCodes.usage,
        message: l10n.t('Several sign-ins are shared. Name one of them: {0}.', problem.known.join(', ')),
      };
    case 'missingScopes':
      return {
        exitCode: exitCodes.failed,
        message: l10n.t(
          'The token of {0} does not have the scope {1}. To ask for it, add --sign-in.',
          problem.name,
          problem.scopes.join(' '),
        ),
      };
    case 'signInNeeded':
      return {
        exitCode: exitCodes.signInNeeded,
        message: l10n.t(
          '{0} needs a sign-in. Sign in in the editor, or add --sign-in to start it from here.',
          problem.name,
        ),
      };
    case 'notAws':
      return {
        exitCode: exitCodes.usage,
        message: l10n.t('{0} is not a connection to AWS IAM Identity Center.', problem.name),
      };
    case 'noRole':
      return {
        exitCode: exitCodes.failed,
        message: l10n.t(
          'You don’t have the role {1} in the AWS account {0}. Check both, or ask your administrator.',
          problem.accountId,
          problem.roleName,
        ),
      };
    case 'gitHost':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          'Git gets no token for {0}. List the host in the setting developerSignIn.gitHosts.',
          problem.host,
        ),
      };
    case 'failed': {
      const { kind } = problem.error;
      const exitCode =
        kind === 'blockedByOrganization'
          ? exitCodes.notShared
          : kind === 'cancelled'
            ? exitCodes.signInNeeded
            : exitCodes.failed;
      return { exitCode, message: inOneLine(errorWords(problem.error)) };
    }
  }
}
