import { l10n } from 'vscode';
import { plainLine, withPlainQuotes } from '../../core/text/safeText.ts';
import type { TerminalProblem } from '../../features/terminalChoice.ts';
import { exitCodes } from '../../features/terminalProtocol.ts';
import type { TerminalFailure } from '../../features/terminalProtocol.ts';
import { errorMessage, inOneLine } from '../errorMessages.ts';
import { quotedNames } from '../format/quotedNames.ts';

/** A problem as an `sso-token` message with its exit code. */
export function failureOf(problem: TerminalProblem): TerminalFailure {
  const { exitCode, message } = textsOf(problem);
  return { exitCode, message: plainLine(message) }; // A terminal interprets control characters.
}

function textsOf(problem: TerminalProblem): TerminalFailure {
  switch (problem.kind) {
    case 'notShared':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          'No sign-in is shared with this terminal. Run “SSO: Use in Terminal” in the editor’s Command Palette.',
        ),
      };
    case 'gone':
      return { exitCode: exitCodes.notShared, message: goneText(problem) };
    case 'unknown':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          '“{0}” isn’t shared with this terminal. Available: {1}.',
          withPlainQuotes(problem.name),
          quotedNames(problem.known),
        ),
      };
    case 'several':
      return {
        exitCode: exitCodes.usage,
        message: l10n.t(
          'Several sign-ins are or were shared with this terminal. Specify one: {0}.',
          quotedNames(problem.known),
        ),
      };
    case 'missingScopes':
      return {
        exitCode: exitCodes.failed,
        message: l10n.t(
          'The token for {0} doesn’t have the scope {1}. To request it, add --sign-in.',
          problem.name,
          problem.scopes.join(' '),
        ),
      };
    case 'signInNeeded':
      return {
        exitCode: exitCodes.signInNeeded,
        message: l10n.t(
          'You need to sign in to {0}. Sign in from the editor, or add --sign-in.',
          problem.name,
        ),
      };
    case 'notAws':
      return {
        exitCode: exitCodes.usage,
        message: l10n.t('{0} isn’t a connection to AWS IAM Identity Center.', problem.name),
      };
    case 'noneOfAws':
      return {
        exitCode: exitCodes.notShared,
        message: l10n.t(
          'No sign-in with IAM Identity Center is shared with this terminal. Run “SSO: Use in Terminal” in the editor’s Command Palette.',
        ),
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
          'Git can’t get a token for {0}. Add the host to the setting developerSignIn.gitHosts.',
          problem.host,
        ),
      };
    case 'failed': {
      const { kind } = problem.error;
      if (kind === 'cancelled')
        return { exitCode: exitCodes.signInNeeded, message: errorMessage(problem.error).title };
      const exitCode = kind === 'blockedByOrganization' ? exitCodes.notShared : exitCodes.failed;
      return { exitCode, message: inOneLine(errorMessage(problem.error)) };
    }
  }
}

function goneText({ name, isSignedOut, known }: Extract<TerminalProblem, { readonly kind: 'gone' }>): string {
  const others = quotedNames(known);
  return isSignedOut
    ? l10n.t(
        'You signed out of “{0}”, so this terminal can’t use it. Sign in and run “SSO: Use in Terminal”, or specify another: {1}.',
        name,
        others,
      )
    : l10n.t(
        '“Use in Terminal” is off for “{0}”. Run “SSO: Use in Terminal” to turn it on, or specify another: {1}.',
        name,
        others,
      );
}

/** Names the program that wants a sign-in, which may have chosen any name. */
export function askerText(program: string | undefined): string {
  return program === undefined
    ? l10n.t('A program in the terminal requests this.')
    : l10n.t('A program in the terminal requests this: {0}', plainLine(program));
}

/** Explains why a terminal lost access to these sessions, when nothing is shared any longer. */
export function lostAccessText(names: readonly string[], isSignedOut: boolean): string {
  const all = quotedNames(names);
  return plainLine(
    isSignedOut
      ? l10n.t(
          'You signed out of {0}, so nothing is shared with this terminal. Sign in, run “SSO: Use in Terminal”, and open a new terminal.',
          all,
        )
      : l10n.t(
          'You turned off “Use in Terminal” for {0}. To turn it on again, run “SSO: Use in Terminal”, then open a new terminal.',
          all,
        ),
  );
}

/** Explains why a terminal from before a pause has no access: its secret has expired. */
export function renewedText(): string {
  return plainLine(
    l10n.t('Your sign-ins were shared again after this terminal was opened. Open a new terminal.'),
  );
}
