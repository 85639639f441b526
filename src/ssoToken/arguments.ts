import type { TerminalRequest } from '../features/terminalProtocol.ts';

/** Output formats. */
export type Format =
  'token' | 'json' | 'header' | 'execCredential' | 'list' | 'awsCredentials' | 'gitCredential';

/** A parsed command line of `sso-token`. */
export type Call =
  | { readonly does: 'help' }
  /** Git reports the outcome of a password to its helpers; tokens are renewed anyway. */
  | { readonly does: 'nothing' }
  | { readonly does: 'refuse'; readonly why: string }
  | { readonly does: 'ask'; readonly request: TerminalRequest; readonly format: Format };

const formats: Readonly<Record<string, Format>> = {
  '--json': 'json',
  '--header': 'header',
  '--exec-credential': 'execCredential',
  '--list': 'list',
  '--aws-credentials': 'awsCredentials',
  '--git-credential': 'gitCredential',
};

/** Options that take a value. */
const withValue = ['--scope', '--account', '--role'];

/** Parses the arguments; `--scope=x` is `--scope x`, and `--` ends the options. */
export function parseArguments(given: readonly string[]): Call {
  const chosen: string[] = [];
  const names: string[] = [];
  const scopes: string[] = [];
  const aws: { accountId?: string; roleName?: string } = {};
  let signIn = false;
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  for (let index = 0; index < end; index++) {
    const word = given[index] ?? '';
    const [, long, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    const option = long ?? word;
    if (withValue.includes(option)) {
      const value = inline ?? (index + 1 < end ? given[++index] : undefined);
      const parts = value?.split(/[ ,]+/).filter((one) => one !== '') ?? [];
      if (value === undefined || parts.length === 0 || (inline === undefined && value.startsWith('-')))
        return refuse(`${option} requires a value.`);
      if (option === '--scope') scopes.push(...parts);
      else aws[option === '--role' ? 'roleName' : 'accountId'] = value;
    } else if (option === '--help' || option === '-h') return { does: 'help' };
    else if (option !== '--sign-in' && !Object.hasOwn(formats, option)) {
      if (word.startsWith('-')) return refuse(`Unknown option: ${word}.`);
      names.push(word);
    } else if (inline !== undefined) return refuse(`${option} doesn’t take a value.`);
    else if (option === '--sign-in') signIn = true;
    else chosen.push(option);
  }
  names.push(...given.slice(end + 1));
  const [name, ...more] = names;
  if (more.length > 0)
    return refuse('Specify only one connection. Put a name with spaces in quotation marks.');
  const kinds = [...new Set(chosen)].filter((one) => one !== '--list');
  const isList = chosen.includes('--list');
  const [kind] = kinds;
  if (kinds.length > 1 || (isList && kind !== undefined && kind !== '--json'))
    return refuse(`${[...new Set(chosen)].join(' and ')} can’t be combined.`);
  if (isList && (name !== undefined || scopes.length > 0 || signIn))
    return refuse('--list can’t be combined with a connection, --scope, or --sign-in.');
  if (kind === '--git-credential') return git(names, scopes, signIn);
  if (name === '') return refuse('The name of the connection is empty.');
  const isAws = kind === '--aws-credentials';
  const { accountId = '', roleName } = aws;
  if (isAws && (!/^\d{12}$/.test(accountId) || roleName === undefined))
    return refuse('--aws-credentials requires --account with 12 digits, and --role.');
  if (isAws && !/^[\w+=,.@-]{1,64}$/.test(roleName ?? ''))
    return refuse('--role requires the name of a role, with only letters, digits, and + = , . @ - _ in it.');
  if (isAws && scopes.length > 0) return refuse('--aws-credentials can’t be combined with --scope.');
  if (!isAws && Object.keys(aws).length > 0) return refuse('--account and --role require --aws-credentials.');
  const format = kind === undefined ? (isList ? 'list' : 'token') : (formats[kind] ?? 'token');
  const request: TerminalRequest = {
    ask: isList ? 'list' : isAws ? 'awsCredentials' : 'token',
    ...aws,
    ...(name === undefined ? {} : { connection: name }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(signIn ? { signIn } : {}),
  };
  return { does: 'ask', request, format };
}

/**
 * Parses a call by Git, whose last word is the operation (gitcredentials(7)); the settings name the connection
 * for a host.
 */
function git(names: readonly string[], scopes: readonly string[], signIn: boolean): Call {
  const [wanted] = names;
  if (wanted === undefined) return refuse('--git-credential is for Git, which adds get, store or erase.');
  if (wanted !== 'get') return { does: 'nothing' }; // Helpers must ignore operations that they do not know.
  const request: TerminalRequest = {
    ask: 'gitCredential',
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(signIn ? { signIn } : {}),
  };
  return { does: 'ask', request, format: 'gitCredential' };
}

function refuse(why: string): Call {
  return { does: 'refuse', why };
}
