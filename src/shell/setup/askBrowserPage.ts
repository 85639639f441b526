import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import type { BrowserAnswer } from '../../setup/testSignIn.ts';
import { providerOf } from '../providers/index.ts';
import { List } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';

interface AnswerRow extends ListRow {
  readonly answer: BrowserAnswer;
}

/**
 * After a canceled test sign-in, asks the user which page the browser showed, since an error page never returns
 * to this machine. Closing the list leaves it open.
 * @returns the error with the answer as its `reason`; any other error unchanged
 */
export async function askBrowserPage(
  connection: Connection,
  error: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const known = findSignInError(error);
  if (known?.kind !== 'cancelled' || known.details.reason !== 'browserOpened' || signal.aborted) return error;
  const answer = await choose(rowsFor(connection), signal);
  return answer === undefined ? error : new SignInError('cancelled', { reason: answer }, error);
}

function rowsFor(connection: Connection): readonly AnswerRow[] {
  return [
    ...providerOf(connection)
      .errorPages()
      .map((page) => ({ icon: 'error', ...page })),
    { icon: 'person', label: l10n.t('A message that I’m not assigned'), answer: 'notAssignedPage' },
    { icon: 'close', label: l10n.t('No error: I stopped the sign-in'), answer: 'stopped' },
  ];
}

async function choose(rows: readonly AnswerRow[], signal: AbortSignal): Promise<BrowserAnswer | undefined> {
  const { promise, resolve } = Promise.withResolvers<BrowserAnswer | undefined>();
  const list = new List<AnswerRow>({ ignoreFocusOut: true });
  const end = (): void => resolve(undefined);
  signal.addEventListener('abort', end, { once: true });
  list.title = l10n.t('Test sign-in');
  list.placeholder = l10n.t('What did the browser show?');
  list.rows = rows;
  list.onDidAccept(() => resolve(list.selected?.answer));
  list.onDidHide(end);
  list.show();
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', end);
    list.dispose();
  }
}
