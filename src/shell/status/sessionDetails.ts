import { env, l10n, TabInputWebview, window } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import { isInTerminal } from '../../features/terminalAccess.ts';
import type { ShellContext } from '../context.ts';
import { detailsHtml } from './detailsHtml.ts';
import { stateSentence, sectionsOf } from './detailsSections.ts';
import { createPage, pageTitle } from '../ui/page.ts';
import { fullNameOf, nameOf } from '../format/formatSession.ts';

/** Minimum time between two updates of a page, in milliseconds. */
const betweenUpdates = 1000;

/**
 * *Details*: opens a page about a session, without secrets. It runs no scripts, follows the theme, and updates
 * with the session.
 */
export async function showDetails(context: ShellContext, id: string): Promise<void> {
  const { sessions, terminals } = context;
  const find = async () => (await sessions.list()).sessions.find((session) => session.id === id);
  const session = await find();
  if (session === undefined) return;
  const rules = await context.organization();
  const title = pageTitle(l10n.t('Account: {0}', nameOf(session)));
  await closeTab(title);
  const panel = createPage('developerSignIn.details', title);
  const access = await terminals.access();
  const terminalAccessDetails = (current: Session) => ({
    isAllowed: isInTerminal(current, terminals.hostName),
    uses: access.usesOf(id),
    awsAccount: access.awsAccount,
  });
  const htmlOf = (current: Session | undefined): string => {
    const sections =
      current === undefined
        ? []
        : sectionsOf(current, sessions.failedAttempts(id), rules, terminalAccessDetails(current));
    const lead =
      current === undefined ? l10n.t('Signed out. Nothing is stored here anymore.') : stateSentence(current);
    return detailsHtml(env.language, fullNameOf(session), lead, sections);
  };
  let html = htmlOf(session);
  let timer: NodeJS.Timeout | undefined;
  panel.webview.html = html;
  const update = async (): Promise<void> => {
    timer = undefined;
    const next = htmlOf(await find());
    if (isClosed || next === html) return;
    html = next;
    panel.webview.html = html;
  };
  let isClosed = false;
  // A page stays empty if its content is replaced while it loads.
  const soon = (): void => void (timer ??= setTimeout(() => void update(), betweenUpdates));
  const watches = [sessions.onDidChange(soon), sessions.onDidFail(soon)];
  const uses = access.onDidUse(soon);
  panel.onDidDispose(() => {
    isClosed = true;
    clearTimeout(timer);
    uses.dispose();
    for (const watch of watches) watch[Symbol.dispose]();
  });
}

/** Closes an older page of the session. */
async function closeTab(title: string): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const old = tabs.filter(({ label, input }) => input instanceof TabInputWebview && label === title);
  await window.tabGroups.close(old);
}
