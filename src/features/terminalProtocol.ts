/**
 * The protocol between `sso-token` and the editor, over a socket that the editor listens on: one line of JSON that
 * asks, one line of JSON that answers, and the end. Loaded by both, so it stands on nothing.
 */

/** The environment variables that the programs of a terminal find. */
export const terminalVariables = {
  /** The path of the socket, or the name of the pipe. */
  socket: 'DEVELOPER_SIGN_IN_SOCKET',
  /** Proves that a program was started from this window. */
  secret: 'DEVELOPER_SIGN_IN_SECRET',
  /** The editor's own Node, which runs `sso-token`, and what it has to be told. */
  node: 'DEVELOPER_SIGN_IN_NODE',
  nodeOptions: 'DEVELOPER_SIGN_IN_NODE_OPTIONS',
} as const;

/**
 * The text whose SHA-256 proves that a side knows the secret, in hexadecimal, without telling it: neither the program nor the
 * window knows at first who is at the other end. A pipe of Windows has a name that every user of the machine can list, and
 * take once its window is gone; a program that waits there learns nothing to ask a window with, and its answers are not believed.
 */
export const proofTexts = {
  request: (secret: string): string => `request ${secret}`,
  answer: (secret: string, challenge: string): string => `answer ${challenge} ${secret}`,
} as const;

/** Beside a socket that no longer listens, while its window lives: a file with why, in the words of the editor. */
export const endedName = 'ended';

/**
 * Where a window that listens on a named pipe leaves that file: in a folder of the pipe's name, which cannot be guessed,
 * among this user's temporary files.
 */
export function endedFolderOfPipe(pipe: string, temporary: string): string {
  return `${temporary}/${pipe.slice(pipe.lastIndexOf('\\') + 1)}`;
}

/** No request is longer, in bytes. */
export const longestRequest = 16_384;

/** A program’s request. */
export interface TerminalRequest {
  readonly ask: 'token' | 'list' | 'awsCredentials' | 'gitCredential';
  /** The name of a connection, the name or label of an account, or the ID of a session. */
  readonly connection?: string;
  /** The scopes that the token must have. */
  readonly scopes?: readonly string[];
  /** Whether the editor may ask the person to sign in, and the program waits. */
  readonly signIn?: boolean;
  /** For credentials of AWS. */
  readonly accountId?: string;
  readonly roleName?: string;
  /** For Git: where it wants to sign in, as it says it: `https`, and a host with its port if that is not the usual one. */
  readonly protocol?: string;
  readonly host?: string;
}

/** A request as it is sent. */
export interface SentRequest extends TerminalRequest {
  /** Of the program, by {@link proofTexts}. */
  readonly proof: string;
  /** New for each request; the answer proves that it is one to this. */
  readonly challenge: string;
  /** The ID of the process that started `sso-token`. */
  readonly parent?: number;
}

/** A token for a program; never a refresh token. */
export interface TokenAnswer {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly connection: string;
  readonly account: string;
}

/** Credentials of a role in an AWS account. */
export interface AwsCredentialsAnswer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A connection that the terminals of a window may use. */
export interface SharedConnection {
  readonly connection: string;
  readonly account: string;
  readonly scopes: readonly string[];
  /** Whether the person must sign in before there is a token. */
  readonly needsSignIn: boolean;
  /** Whether it is meant where a program names none. */
  readonly isDefault: boolean;
}

/** Why a request has no answer, in the words of the editor. */
export interface TerminalFailure {
  readonly exitCode: number;
  readonly message: string;
}

/** An answer, with the one member that fits the request, or a failure. */
export interface TerminalAnswer {
  readonly token?: TokenAnswer;
  readonly list?: readonly SharedConnection[];
  readonly awsCredentials?: AwsCredentialsAnswer;
  readonly failure?: TerminalFailure;
}

/** An answer as it is sent. */
export interface SentAnswer extends TerminalAnswer {
  /** Of the window, by {@link proofTexts}. */
  readonly proof: string;
}

/** With what `sso-token` ends when it has nothing to print. */
export const exitCodes = {
  /** No token can be had now: the network, the server, a scope that is missing. */
  failed: 1,
  /** It was called in a way that means nothing, or that may mean several connections. */
  usage: 2,
  /** Nothing is shared with this terminal. */
  notShared: 3,
  /** The person has to sign in. */
  signInNeeded: 4,
} as const;
