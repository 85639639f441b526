import type { ProgramUse } from '../../../src/features/diagnosticsData.ts';
import type { TerminalControl } from '../../../src/shell/context.ts';
import { EventEmitter } from './vscode.ts';

/** The terminals of a window that does not listen. */
export function fakeTerminals() {
  let byDefault: string | undefined;
  const used = new EventEmitter<void>();
  const uses: ProgramUse[] = [];
  const accounts: TerminalControl['awsAccount'][] = [];
  const state: { awsAccount: TerminalControl['awsAccount']; isOpen: boolean } = {
    awsAccount: undefined,
    isOpen: false,
  };
  const config: { readonly path: string; text: string; fails?: Error } = {
    path: '/home/ada/.aws/config',
    text: '',
  };
  const updates: number[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const control: TerminalControl = {
    get byDefault() {
      return byDefault;
    },
    setDefault: async (id) => void (byDefault = id),
    get awsAccount() {
      return state.awsAccount;
    },
    get isOpen() {
      return state.isOpen;
    },
    chooseAwsAccount: async (account) => {
      accounts.push(account);
      state.awsAccount = account;
    },
    update: async () => void updates.push(Date.now()),
    inSequence: async (work) => {
      const result = last.then(work);
      last = result.catch(() => undefined);
      return result;
    },
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
    change: async (edit: (text: string) => string) => {
      if (config.fails !== undefined) throw config.fails;
      config.text = edit(config.text);
    },
  });
  return {
    accounts,
    /** The parts that a test sets. */
    state,
    config,
    awsConfig,
    command: async () => 'sso-token',
    hostName: 'laptop',
    access: async () => control,
    control,
    uses,
    updates,
    used,
  };
}
