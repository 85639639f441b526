import { commands, env, l10n } from 'vscode';
import { findSignInError, isCancelled } from '../../core/oauth/errors.ts';
import type { SignInError, SignInErrorKind } from '../../core/oauth/errors.ts';
import { inOneLine, messageFor } from '../errorMessages.ts';
import type { ErrorMessage } from '../errorMessages.ts';
import { support } from '../refusalMessages.ts';
import { showError, showInformation } from './messages.ts';

/** A way on from an error: the label of its button, and what it does. */
export interface WayOn {
  readonly label: string;
  readonly run: () => Promise<unknown>;
  /** Whether it corrects a value that is in the settings, so that *Open settings* is not needed beside it. */
  readonly isEdit?: boolean;
}

/** *Try again*. */
export function tryAgain(run: () => Promise<unknown>): WayOn {
  return { label: l10n.t('Try Again'), run };
}

/** What mostly an administrator has to change. */
const administratorKinds: readonly SignInErrorKind[] = [
  'policy',
  'notAssigned',
  'scopeRefused',
  'requestRefused',
  'registrationRefused',
  'blockedByOrganization',
  'metadataMismatch',
  'noFlow',
];

/**
 * Says an error with what to do next. Nothing is said of a sign-in that was cancelled, or that ran out after the person
 * had left it: the log has it.
 */
export async function reportError(error: unknown, ...ways: readonly WayOn[]): Promise<void> {
  const known = findSignInError(error);
  if (isCancelled(error) || known?.details.reason === 'abandoned') return;
  const words = messageFor(error);
  const all = [...ways, ...usualWays(known, words, ways)];
  // Who said no in the browser knows it; a notification is there to change one's mind.
  const isDenial = known?.kind === 'denied' && known.details.code !== 'login_required';
  const show = isDenial ? showInformation : showError;
  const chosen = await show(notificationOf(known, words), ...all.map(({ label }) => label));
  await all.find(({ label }) => label === chosen)?.run();
}

/** An error in one line. What support asks for comes last: it is long, and tells a person nothing. */
export function notificationOf(known: SignInError | undefined, words: ErrorMessage): string {
  const id = known === undefined ? '' : support(known.details);
  if (id === '' || !words.cause.endsWith(id)) return inOneLine(words);
  return inOneLine({ ...words, cause: words.cause.slice(0, -id.length), next: words.next + id });
}

function usualWays(
  known: SignInError | undefined,
  words: ErrorMessage,
  ways: readonly WayOn[],
): readonly WayOn[] {
  const { setting } = words;
  const openSettings: WayOn = {
    label: l10n.t('Open Settings'),
    run: async () => commands.executeCommand('workbench.action.openSettings', setting),
  };
  const copy: WayOn = {
    label: l10n.t('Copy for Administrator'),
    run: async () => env.clipboard.writeText(forAdministrator(known, words)),
  };
  const showLog: WayOn = {
    label: l10n.t('Show Log'),
    run: async () => commands.executeCommand('developerSignIn.showLog'),
  };
  return [
    ...(setting === undefined || ways.some(({ isEdit }) => isEdit === true) ? [] : [openSettings]),
    ...(known !== undefined && administratorKinds.includes(known.kind) ? [copy] : []),
    showLog,
  ];
}

/** The message, and what an administrator looks for in a server's log, a line each. */
function forAdministrator(known: SignInError | undefined, words: ErrorMessage): string {
  const { host, status, code, requestId } = known?.details ?? {};
  const lines = [
    inOneLine(words),
    ...(host === undefined ? [] : [l10n.t('Host: {0}', host)]),
    ...(status === undefined ? [] : [l10n.t('HTTP status: {0}', status)]),
    ...(code === undefined ? [] : [l10n.t('Error code: {0}', code)]),
    ...(requestId === undefined ? [] : [l10n.t('Request ID: {0}', requestId)]),
  ];
  return lines.join('\n');
}
