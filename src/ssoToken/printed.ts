import type {
  TerminalAwsCredentials,
  SharedConnection,
  TerminalResponse,
  TerminalToken,
} from '../features/terminalProtocol.ts';
import type { Format } from './arguments.ts';

/** An answer as text for standard output; undefined if it has nothing to print. */
export function printed(
  format: Format,
  { token, list, awsCredentials }: TerminalResponse,
  environment: Readonly<Record<string, string | undefined>>,
  username = 'oauth2',
): string | undefined {
  if (awsCredentials !== undefined) return `${json(processCredentials(awsCredentials))}\n`;
  if (list !== undefined) return format === 'json' ? `${json(list)}\n` : lines(list);
  if (token === undefined) return undefined;
  switch (format) {
    case 'token':
    case 'list':
    case 'awsCredentials':
      return `${token.accessToken}\n`;
    case 'header':
      return `Authorization: Bearer ${token.accessToken}\n`;
    case 'json':
      return `${json({ ...token, tokenType: 'Bearer', expiresAt: isoSeconds(token) })}\n`;
    case 'gitCredential': {
      const expiry = Math.floor(token.expiresAt / 1000);
      return `username=${username}\npassword=${token.accessToken}\npassword_expiry_utc=${expiry}\n`;
    }
    case 'execCredential':
      return `${json(execCredential(token, environment['KUBERNETES_EXEC_INFO']))}\n`;
  }
}

/** The output of a `credential_process`, for the AWS CLI and SDKs. */
function processCredentials({ accessKeyId, secretAccessKey, sessionToken, ...rest }: TerminalAwsCredentials) {
  return {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: isoSeconds(rest),
  };
}

/**
 * An `ExecCredential` for Kubernetes (client.authentication.k8s.io), in the version that the client requests,
 * if supported.
 */
function execCredential(token: TerminalToken, info: string | undefined): object {
  const asked = /"apiVersion"\s*:\s*"(client\.authentication\.k8s\.io\/v1(?:beta1)?)"/.exec(info ?? '')?.[1];
  return {
    apiVersion: asked ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { expirationTimestamp: isoSeconds(token), token: token.accessToken },
  };
}

/** RFC 3339 in whole seconds, which every reader accepts. */
function isoSeconds({ expiresAt }: Pick<TerminalToken, 'expiresAt'>): string {
  return new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z');
}

function lines(list: readonly SharedConnection[]): string {
  const rows = list.map(({ connection, account, isDefault, needsSignIn }) => [
    isDefault ? '*' : ' ',
    connection,
    account,
    needsSignIn ? 'sign-in needed' : '',
  ]);
  const widths = [1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([mark, connection = '', account = '', state]) =>
      `${mark} ${connection.padEnd(widths[0] ?? 0)}  ${account.padEnd(widths[1] ?? 0)}  ${state}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}
