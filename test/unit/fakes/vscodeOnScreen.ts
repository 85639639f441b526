import { screen } from './screen.ts';

/** VS Code's API over {@link screen}: `vi.mock('vscode', async () => import('…/vscodeOnScreen.ts'))`. */
export {
  authentication,
  Disposable,
  EventEmitter,
  l10n,
  ProgressLocation,
  QuickInputButtons,
  QuickPickItemKind,
  ThemeColor,
  ThemeIcon,
  Uri,
} from './vscode.ts';

export const { window, commands, env, workspace } = screen.api;
