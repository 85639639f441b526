import { Disposable, l10n, window, workspace } from 'vscode';
import type { ShellContext } from '../context.ts';
import type { StatusItem } from './statusItem.ts';
import { signedOutLook } from './signedOutLook.ts';
import { createStatusBarEntry } from '../ui/statusBarItem.ts';

/** Timers stop while the machine sleeps: no longer than this, the status may be late. Milliseconds. */
const longestWait = 60_000;

/**
 * The one status bar item. Until there is an account or a sign-in it says what it signs in to; what it shows then is loaded
 * then.
 */
export function createStatusBar(context: ShellContext): Disposable {
  const { sessions, signIns } = context;
  const item = createStatusBarEntry(
    'developerSignIn.status',
    l10n.t('Developer Sign-In'),
    'developerSignIn.showStatus',
  );
  let latest = 0;
  let timer: NodeJS.Timeout | undefined;
  let late: Promise<StatusItem> | undefined;

  const update = async (): Promise<void> => {
    const mine = ++latest;
    const stored = await sessions.list();
    const connections = await context.connections();
    const isBusy = signIns.underWay || stored.sessions.length + stored.lost.length > 0;
    if (isBusy) late ??= import('./statusItem.ts').then(({ StatusItem }) => new StatusItem(item, context));
    const shown = await late;
    if (mine !== latest) return; // Another look has come after this one.
    clearTimeout(timer);
    if (!isBusy || shown === undefined) {
      item.show(signedOutLook(connections));
      return;
    }
    const next = shown.show(stored);
    if (next !== undefined) timer = setTimeout(refresh, Math.min(next, longestWait));
  };
  const refresh = (): void => void update();
  const watches = [sessions.onDidChange(refresh), sessions.onDidFail(refresh)];
  const subscriptions = [
    signIns.onDidChange(refresh),
    context.onDidChangeOrganization(refresh),
    window.onDidChangeWindowState(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('developerSignIn.connections')) refresh();
    }),
  ];
  const first = setImmediate(refresh); // After the activation, and not as a part of it.
  return Disposable.from(item, ...subscriptions, {
    dispose: () => {
      latest = Infinity;
      clearImmediate(first);
      clearTimeout(timer);
      for (const watch of watches) watch[Symbol.dispose]();
      void late?.then((shown) => shown[Symbol.dispose]());
    },
  });
}
