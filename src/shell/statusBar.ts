import { Disposable, l10n, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import { isGood } from '../core/session/refreshPolicy.ts';
import type { Sessions } from '../core/session/sessions.ts';
import type { SignIns } from './signIns.ts';

/** The one status bar item: hidden until there is a connection, a session or a first try. */
export function createStatusBar(
  sessions: Sessions,
  signIns: SignIns,
  hasConnections: () => boolean,
): Disposable {
  const item = window.createStatusBarItem('developerSignIn.status', StatusBarAlignment.Left, 0);
  item.name = l10n.t('Developer Sign-In');
  item.command = 'developerSignIn.showStatus';
  let tried = false;

  const show = (text: string, tooltip: string, needsPerson = false): void => {
    item.backgroundColor = needsPerson ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: `${item.name ?? ''}: ${tooltip}` };
    item.show();
  };
  const update = async (): Promise<void> => {
    const { sessions: stored, lost } = await sessions.list();
    const now = Date.now();
    const over = stored.filter((session) => session.ended !== undefined && !isGood(now, session.tokenSet));
    const needed = [...over.map(({ account }) => account.label), ...lost.map((one) => one.accountLabel)];
    tried ||= signIns.underWay;
    const [first] = stored;
    if (signIns.underWay) {
      show(`$(loading~spin) ${l10n.t('Signing in…')}`, l10n.t('Signing in. Select to see what to do.'));
    } else if (needed.length > 0) {
      show(
        `$(warning) ${l10n.t('Sign in again')}`,
        l10n.t('A sign-in is needed for {0}. Select to see why.', needed.join(', ')),
        true,
      );
    } else if (stored.length > 1) {
      const labels = stored.map(({ account }) => account.label).join(', ');
      show(`$(account) ${l10n.t('{0} sign-ins', stored.length)}`, l10n.t('Signed in as {0}', labels));
    } else if (first !== undefined) {
      show(`$(account) ${first.account.label}`, l10n.t('Signed in as {0}', first.account.label));
    } else if (tried || hasConnections()) {
      show(`$(account) ${l10n.t('Sign in')}`, l10n.t('Nobody is signed in. Select to sign in.'));
    } else {
      item.hide();
    }
  };
  const refresh = (): void => void update();
  const watch = sessions.onDidChange(refresh);
  const subscriptions = [
    signIns.onDidChange(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('developerSignIn.connections')) refresh();
    }),
  ];
  refresh();
  return Disposable.from(item, ...subscriptions, { dispose: () => watch[Symbol.dispose]() });
}
