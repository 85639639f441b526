import type { TerminalControl, TerminalUse } from '../../../src/shell/context.ts';
import { EventEmitter } from './vscode.ts';

/** The terminals of a window that does not listen. */
export function fakeTerminals() {
  let chosen: string | undefined;
  const used = new EventEmitter<void>();
  const uses: TerminalUse[] = [];
  const accounts: TerminalControl['awsAccount'][] = [];
  const config: { readonly path: string; text: string; fails?: Error } = {
    path: '/home/ana/.aws/config',
    text: '',
  };
  const updates: number[] = [];
  const control: TerminalControl = {
    get chosen() {
      return chosen;
    },
    choose: async (id) => void (chosen = id),
    awsAccount: undefined,
    chooseAwsAccount: async (account) => void accounts.push(account),
    update: async () => void updates.push(Date.now()),
    usesOf: () => uses,
    onDidUse: used.event as TerminalControl['onDidUse'],
  };
  const awsConfig = async () => ({
    path: config.path,
    read: async () => config.text,
    append: async (lines: readonly string[]) => {
      if (config.fails !== undefined) throw config.fails;
      config.text += `${lines.join('\n')}\n`;
    },
  });
  return {
    accounts,
    config,
    awsConfig,
    hostName: 'laptop',
    access: async () => control,
    control,
    uses,
    updates,
    used,
  };
}
