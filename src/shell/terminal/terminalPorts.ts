import type { EnvironmentVariableCollection, Memento } from 'vscode';
import type { Terminals } from '../context.ts';
import type { TerminalResponse } from '../../features/terminalProtocol.ts';

/** Key of the workspace's AWS account. */
export const awsAccountKey = 'terminal.awsAccount';

/** The ports of terminal access. */
export interface TerminalPorts {
  /** The environment of the terminals and tasks of this window. */
  readonly variables: () => EnvironmentVariableCollection;
  /** Listens for requests until disposal. Rejects with the system's error. */
  readonly open: (
    answer: (
      received: { readonly request: unknown; readonly program?: string },
      signal: AbortSignal,
    ) => Promise<TerminalResponse>,
  ) => Promise<ListeningSocket>;
  /** Locates `sso-token` and its runtime. */
  readonly program: () => Promise<TerminalProgram>;
  /** The connection or account for Git by host, from the user's setting. */
  readonly gitHosts: () => Readonly<Record<string, string>>;
  readonly awsConfig: Terminals['awsConfig'];
  /** Stored for this workspace, beyond the window. */
  readonly workspaceMemento: Memento;
}

/** A listening socket; disposing of it removes every trace. */
export interface ListeningSocket extends Disposable {
  readonly path: string;
  readonly secret: string;
  /** Stops listening. Until disposal, programs find this text; a later one replaces it. */
  end(why: string): void;
}

/** How the shells of a terminal find `sso-token`. */
export interface TerminalProgram {
  /** The prefix for `PATH`, including the separator. */
  readonly path: string;
  /** Its name for programs that start others without a shell, which on Windows need the extension. */
  readonly command: string;
  /** Environment variables of `sso-token`. */
  readonly variables: Readonly<Record<string, string>>;
}
