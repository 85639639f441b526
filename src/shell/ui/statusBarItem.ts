import { StatusBarAlignment, ThemeColor, window } from 'vscode';
import { hover } from './hover.ts';
import type { HoverPart } from './hover.ts';
import { plainText, withIcon } from './plainText.ts';

/** The appearance of the item. */
export interface StatusBarAppearance {
  readonly icon: string;
  readonly text: string;
  readonly hover: readonly HoverPart[];
  /** Text for screen readers. */
  readonly spoken: string;
  readonly isWarning: boolean;
  /** Whether to show a spinner after the text. */
  readonly isBusy?: boolean;
}

/** Priority above that of `setStatusBarMessage`, whose messages would otherwise move the item under the mouse. */
const beforeMessages = 1;

/** Length limit, to leave room for other items. */
const maxTextLength = 80;

/** A status bar item, hidden until it is first shown. */
export interface StatusBarEntry {
  show(appearance: StatusBarAppearance): void;
  hide(): void;
  dispose(): void;
}

/** Creates a status bar item. @param name as listed in the status bar's menu */
export function createStatusBarEntry(id: string, name: string, command: string): StatusBarEntry {
  const item = window.createStatusBarItem(id, StatusBarAlignment.Left, beforeMessages);
  item.name = plainText(name);
  item.command = command;
  return {
    show: ({ icon, text, hover: parts, spoken, isWarning, isBusy = false }) => {
      item.text = `${withIcon(icon, text, maxTextLength)}${isBusy ? ' $(loading~spin)' : ''}`;
      item.tooltip = hover(parts);
      item.accessibilityInformation = { label: plainText(spoken), role: 'button' };
      item.backgroundColor = isWarning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
      item.show();
    },
    hide: () => item.hide(),
    dispose: () => item.dispose(),
  };
}
