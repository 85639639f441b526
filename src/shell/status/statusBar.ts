import { Disposable, l10n, window, workspace } from 'vscode';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import type { ShellContext } from '../context.ts';
import type { StatusItem } from './statusItem.ts';
import { signedOutAppearance } from './signedOutAppearance.ts';
import { createStatusBarEntry } from '../ui/statusBarItem.ts';
import type { StatusBarEntry } from '../ui/statusBarItem.ts';

/** Maximum interval between updates, in milliseconds: timers stop while the machine sleeps. */
const maxWait = 60_000;

/**
 * Creates the only status bar item, right after the activation. Without an account or sign-in, it names what it signs
 * in to; the rest of its code is loaded when needed.
 */
export function createStatusBar(context: ShellContext): Disposable {
  const { sessions, signIns } = context;
  let entry: StatusBarEntry | undefined;
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  let late: Promise<StatusItem> | undefined;

  const update = async (known?: StoredSessions): Promise<void> => {
    const mine = ++latest;
    const item = (entry ??= createStatusBarEntry(
      'developerSignIn.status',
      l10n.t('Developer Sign-In'),
      'developerSignIn.showStatus',
    ));
    const stored = known ?? (await sessions.list());
    const connections = await context.connections();
    const isBusy = signIns.isActive || stored.sessions.length + stored.lost.length > 0;
    if (isBusy) late ??= import('./statusItem.ts').then(({ StatusItem }) => new StatusItem(item, context));
    const shown = await late;
    if (mine !== latest) return; // A later update has overtaken this one.
    clearTimeout(timer);
    if (!isBusy || shown === undefined) {
      item.show(signedOutAppearance(connections));
      return;
    }
    const next = shown.show(stored);
    if (next !== undefined) timer = setTimeout(refresh, Math.min(next, maxWait));
  };
  const refresh = (): void => void update();
  const watches = [sessions.onDidChange((_, stored) => void update(stored)), sessions.onDidFail(refresh)];
  const subscriptions = [
    signIns.onDidChange(refresh),
    context.onDidChangeOrganization(refresh),
    window.onDidChangeWindowState(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('developerSignIn.connections')) refresh();
    }),
  ];
  const first = setImmediate(refresh); // After activation, not during it.
  return Disposable.from(...subscriptions, {
    dispose: () => {
      latest = Infinity;
      clearImmediate(first);
      clearTimeout(timer);
      entry?.dispose();
      for (const watch of watches) watch[Symbol.dispose]();
      void late?.then((shown) => shown[Symbol.dispose]());
    },
  });
}
