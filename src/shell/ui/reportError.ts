import { commands, env, l10n } from 'vscode';
import { findSignInError, isCancelled } from '../../core/oauth/errors.ts';
import type { SignInError, SignInErrorKind } from '../../core/oauth/errors.ts';
import { inOneLine, messageFor } from '../errorMessages.ts';
import type { ErrorMessage } from '../errorMessages.ts';
import { requestIdSentence } from '../errorText.ts';
import { showError, showInformation } from './messages.ts';
import { columns } from './wrapText.ts';

/** A follow-up action of an error message: the label of its button, and its action. */
export interface ErrorAction {
  readonly label: string;
  readonly run: () => Promise<unknown>;
  /** Whether it edits a value from the settings, which makes *Open Settings* unnecessary. */
  readonly isEdit?: boolean;
  /** Whether it is left out if the buttons do not fit, lowest first; others are not. */
  readonly rank?: 1 | 2;
}

/** The *Try Again* action. */
export function tryAgain(run: () => Promise<unknown>): ErrorAction {
  return { label: l10n.t('Try Again'), run };
}

/** VS Code shortens the labels of more, or of longer, buttons in a notification. */
const mostButtons = 3;
const mostColumns = 55;

/** Error kinds that usually only an administrator can fix. */
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
 * Shows an error with follow-up actions. Shows nothing for a canceled sign-in, or one that timed out after the
 * user left it; the log has them.
 */
export async function reportError(error: unknown, ...ways: readonly ErrorAction[]): Promise<void> {
  const known = findSignInError(error);
  if (isCancelled(error) || known?.details.reason === 'abandoned') return;
  const words = messageFor(error);
  const all = fitting([...ways, ...defaultActions(known, words, ways)]);
  // A user who denied access in the browser knows why; the notification offers a second chance.
  const isDenial = known?.kind === 'denied' && known.details.code !== 'login_required';
  const show = isDenial ? showInformation : showError;
  const chosen = await show(notificationOf(known, words), ...all.map(({ label }) => label));
  await all.find(({ label }) => label === chosen)?.run();
}

/** An error in one line. The request ID for support comes last, since it is long and means nothing to the user. */
export function notificationOf(known: SignInError | undefined, words: ErrorMessage): string {
  const id = known === undefined ? '' : requestIdSentence(known.details);
  if (id === '' || !words.cause.endsWith(id)) return inOneLine(words);
  return inOneLine({ ...words, cause: words.cause.slice(0, -id.length), next: words.next + id });
}

/** The actions whose buttons VS Code shows with their whole labels. */
function fitting(actions: readonly ErrorAction[]): readonly ErrorAction[] {
  const isTooWide = actions.length > 2 && columns(actions.map(({ label }) => label).join('')) > mostColumns;
  if (actions.length <= mostButtons && !isTooWide) return actions;
  const [least] = actions
    .filter(({ rank }) => rank !== undefined)
    .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  return fitting(actions.filter((action) => action !== (least ?? actions.at(-1))));
}

function defaultActions(
  known: SignInError | undefined,
  words: ErrorMessage,
  ways: readonly ErrorAction[],
): readonly ErrorAction[] {
  const { setting } = words;
  const openSettings: ErrorAction = {
    label: l10n.t('Open Settings'),
    rank: 2,
    run: async () => commands.executeCommand('workbench.action.openSettings', setting),
  };
  const copy: ErrorAction = {
    label: l10n.t('Copy for Administrator'),
    run: async () => env.clipboard.writeText(forAdministrator(known, words)),
  };
  const showLog: ErrorAction = {
    label: l10n.t('Show Log'),
    rank: 1,
    run: async () => commands.executeCommand('developerSignIn.showLog'),
  };
  return [
    ...(setting === undefined || ways.some(({ isEdit }) => isEdit === true) ? [] : [openSettings]),
    ...(known !== undefined && administratorKinds.includes(known.kind) ? [copy] : []),
    showLog,
  ];
}

/** The message, and values to search for in a server's log, line by line. */
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
