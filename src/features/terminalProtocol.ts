/**
 * The protocol between `sso-token` and the editor over the editor's socket: one line of JSON for the request,
 * one for the answer. Loaded by both, so it imports nothing.
 */

/** Environment variables of a terminal's programs. */
export const terminalVariables = {
  /** Path of the socket, or name of the pipe. */
  socket: 'DEVELOPER_SIGN_IN_SOCKET',
  /** Secret of the window, which proves that it started a program. */
  secret: 'DEVELOPER_SIGN_IN_SECRET',
  /** Path of the editor's Node, which runs `sso-token`, and its options. */
  node: 'DEVELOPER_SIGN_IN_NODE',
  nodeOptions: 'DEVELOPER_SIGN_IN_NODE_OPTIONS',
} as const;

/**
 * The texts whose SHA-256, in hexadecimal, proves to each side that the other knows the secret, without
 * revealing it. On Windows, every user of the machine can list a pipe's name and take it over once its window
 * is gone; such a program learns nothing with which to ask a window, and its answers are rejected.
 */
export const proofTexts = {
  request: (secret: string): string => `request ${secret}`,
  answer: (secret: string, challenge: string): string => `answer ${challenge} ${secret}`,
} as const;

/** Name of a file beside a closed socket, with the editor's explanation, while its window lives. */
export const endedName = 'ended';

/**
 * The folder of that file for a named pipe: named like the pipe, which cannot be guessed, among this user's
 * temporary files.
 */
export function endedFolderOfPipe(pipe: string, temporary: string): string {
  return `${temporary}/${pipe.slice(pipe.lastIndexOf('\\') + 1)}`;
}

/** Size limit for a request, in bytes. */
export const maxRequestBytes = 16_384;

/** A program’s request. */
export interface TerminalRequest {
  readonly ask: 'token' | 'list' | 'awsCredentials' | 'gitCredential';
  /** Name of a connection, name or label of an account, or ID of a session. */
  readonly connection?: string;
  /** Scopes that the token must have. */
  readonly scopes?: readonly string[];
  /** Whether the editor may ask the user to sign in, while the program waits. */
  readonly signIn?: boolean;
  /** For AWS credentials. */
  readonly accountId?: string;
  readonly roleName?: string;
  /** For Git, as Git passes them: `https`, and the host with a non-default port. */
  readonly protocol?: string;
  readonly host?: string;
}

/** A request with its proof, as sent. */
export interface SentRequest extends TerminalRequest {
  /** The program's proof, by {@link proofTexts}. */
  readonly proof: string;
  /** Random per request; the answer proves that it belongs to it. */
  readonly challenge: string;
  /** ID of the process that started `sso-token`. */
  readonly parent?: number;
}

/** A token for a program; never a refresh token. */
export interface TerminalToken {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly scopes: readonly string[];
  readonly connection: string;
  readonly account: string;
}

/** Credentials of an AWS role. */
export interface TerminalAwsCredentials {
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
  /** Whether a token requires a sign-in. */
  readonly needsSignIn: boolean;
  /** Whether it is used if a program names none. */
  readonly isDefault: boolean;
}

/** The reason for a failure, in the editor's words. */
export interface TerminalFailure {
  readonly exitCode: number;
  readonly message: string;
}

/** An answer: a failure, or the member for the request. */
export interface TerminalResponse {
  readonly token?: TerminalToken;
  readonly list?: readonly SharedConnection[];
  readonly awsCredentials?: TerminalAwsCredentials;
  readonly failure?: TerminalFailure;
}

/** An answer with its proof, as sent. */
export interface SentResponse extends TerminalResponse {
  /** The window's proof, by {@link proofTexts}. */
  readonly proof: string;
}

/** Exit codes of `sso-token`; 0 on success. */
export const exitCodes = {
  /** No token is available now: network, server, or a missing scope. */
  failed: 1,
  /** Invalid or ambiguous arguments. */
  usage: 2,
  /** The terminal has no access to a connection. */
  notShared: 3,
  /** The user has to sign in. */
  signInNeeded: 4,
} as const;
