import type { TerminalControl, TerminalUse } from '../../../src/shell/context.ts';
import { EventEmitter } from './vscode.ts';

/** The terminals of a window that does not listen. */
export function fakeTerminals() {
  let chosen: string | undefined;
  const used = new EventEmitter<void>();
  const uses: TerminalUse[] = [];
  const updates: number[] = [];
  const control: TerminalControl = {
    get chosen() {
      return chosen;
    },
    choose: async (id) => void (chosen = id),
    update: async () => void updates.push(Date.now()),
    usesOf: () => uses,
    onDidUse: used.event as TerminalControl['onDidUse'],
  };
  return { hostName: 'laptop', access: async () => control, control, uses, updates, used };
}
