import { StatusBarAlignment, ThemeColor, window } from 'vscode';
import { hover } from './hover.ts';
import type { HoverPart } from './hover.ts';
import { plainText, withIcon } from './plainText.ts';

/** How the item looks at the moment. */
export interface StatusBarLook {
  readonly icon: string;
  readonly text: string;
  readonly hover: readonly HoverPart[];
  /** What a screen reader says. */
  readonly spoken: string;
  readonly isWarning: boolean;
  /** Whether something is under way beside it: a spinner behind the text. */
  readonly isBusy?: boolean;
}

/** More than a message of `setStatusBarMessage` has: one that comes and goes does not move the item under the mouse. */
const beforeMessages = 1;

/** What leaves room for the items of others. */
const longestText = 80;

/** An item of the status bar, hidden until it gets a look. */
export interface StatusBarEntry {
  show(look: StatusBarLook): void;
  hide(): void;
  dispose(): void;
}

/** @param name as the menu of the status bar lists it */
export function createStatusBarEntry(id: string, name: string, command: string): StatusBarEntry {
  const item = window.createStatusBarItem(id, StatusBarAlignment.Left, beforeMessages);
  item.name = plainText(name);
  item.command = command;
  return {
    show: ({ icon, text, hover: parts, spoken, isWarning, isBusy = false }) => {
      item.text = `${withIcon(icon, text, longestText)}${isBusy ? ' $(loading~spin)' : ''}`;
      item.tooltip = hover(parts);
      item.accessibilityInformation = { label: plainText(spoken), role: 'button' };
      item.backgroundColor = isWarning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
      item.show();
    },
    hide: () => item.hide(),
    dispose: () => item.dispose(),
  };
}
