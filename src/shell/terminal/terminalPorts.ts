import type { EnvironmentVariableCollection, Memento } from 'vscode';
import type { Terminals } from '../context.ts';
import type { TerminalAnswer } from '../../features/terminalProtocol.ts';

/** Under which a workspace keeps its AWS account. */
export const awsAccountKey = 'terminal.awsAccount';

/** The ports for opening this window to the programs of its terminals. */
export interface TerminalPorts {
  /** The environment of the terminals and tasks of this window. */
  readonly variables: () => EnvironmentVariableCollection;
  /** Listens for requests, until it is disposed of. Rejects with the system's error. */
  readonly open: (
    answer: (
      received: { readonly request: unknown; readonly program?: string },
      signal: AbortSignal,
    ) => Promise<TerminalAnswer>,
  ) => Promise<ListeningSocket>;
  /** Where `sso-token` is, and what runs it. */
  readonly program: () => Promise<TerminalProgram>;
  /** Which connection or account Git gets a token of, by host: the person's setting. */
  readonly gitHosts: () => Readonly<Record<string, string>>;
  readonly awsConfig: Terminals['awsConfig'];
  /** Belongs to this workspace and outlives the window. */
  readonly workspaceMemento: Memento;
}

/** Once disposed of, it listens no more, and nothing is left of it. */
export interface ListeningSocket extends Disposable {
  readonly path: string;
  readonly secret: string;
  /** Listens no more. Until it is disposed of, a program that still asks there finds this text; another one takes its place. */
  end(why: string): void;
}

/** How the shells of a terminal find `sso-token`. */
export interface TerminalProgram {
  /** The beginning of `PATH`, with the character that separates it from the rest. */
  readonly path: string;
  /** Its name for a program that starts others without a shell, which on Windows finds no name without its ending. */
  readonly command: string;
  /** By the names that `sso-token` looks for. */
  readonly variables: Readonly<Record<string, string>>;
}
