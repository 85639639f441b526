import type { TerminalRequest } from '../features/terminalProtocol.ts';

/** How the answer is printed. */
export type Format =
  'token' | 'json' | 'header' | 'execCredential' | 'list' | 'awsCredentials' | 'gitCredential';

/** The meaning of a call of `sso-token`. */
export type Call =
  | { readonly does: 'help' }
  /** Git tells its helpers what became of a password; a token is renewed anyway. */
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

/** Options that take a value, and the member of a request that it becomes. */
const withValue = { '--account': 'accountId', '--role': 'roleName' } as const;

/** Reads the arguments of a call; `--scope=x` is `--scope x`. */
export function parseArguments(given: readonly string[]): Call {
  const words = given.flatMap((word) => {
    const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return name === undefined || value === undefined ? [word] : [name, value];
  });
  const chosen: string[] = [];
  const names: string[] = [];
  const scopes: string[] = [];
  const aws: { accountId?: string; roleName?: string } = {};
  let signIn = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--help' || word === '-h') return { does: 'help' };
    if (word === '--sign-in') signIn = true;
    else if (word === '--scope') {
      const scope = words[++index];
      if (scope === undefined || scope.startsWith('-')) return refuse('--scope needs a scope.');
      scopes.push(...scope.split(/[ ,]+/).filter((one) => one !== ''));
    } else if (word === '--account' || word === '--role') {
      const value = words[++index];
      if (value === undefined || value.startsWith('-')) return refuse(`${word} needs a value.`);
      aws[withValue[word]] = value;
    } else if (Object.hasOwn(formats, word)) chosen.push(word);
    else if (word.startsWith('-')) return refuse(`${word} is not an option.`);
    else names.push(word);
  }
  const [name, ...more] = names;
  if (more.length > 0)
    return refuse('It takes one connection. Put a name that has spaces between quotation marks.');
  const kinds = [...new Set(chosen)].filter((one) => one !== '--list');
  const isList = chosen.includes('--list');
  const [kind] = kinds;
  if (kinds.length > 1 || (isList && kind !== undefined && kind !== '--json'))
    return refuse(`${[...new Set(chosen)].join(' and ')} exclude each other.`);
  if (isList && (name !== undefined || scopes.length > 0 || signIn))
    return refuse('--list takes no connection, no --scope and no --sign-in.');
  if (kind === '--git-credential') return git(names, scopes, signIn);
  const isAws = kind === '--aws-credentials';
  const { accountId = '', roleName } = aws;
  if (isAws && (!/^\d{12}$/.test(accountId) || roleName === undefined))
    return refuse('--aws-credentials needs --account with 12 digits, and --role.');
  if (isAws && scopes.length > 0) return refuse('--aws-credentials takes no --scope.');
  if (!isAws && Object.keys(aws).length > 0)
    return refuse('--account and --role belong to --aws-credentials.');
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
 * Git calls its helpers with what it wants as the last word (gitcredentials(7)); which connection it gets is in the
 * settings, by host.
 */
function git(names: readonly string[], scopes: readonly string[], signIn: boolean): Call {
  const [wanted] = names;
  if (wanted !== 'get' && wanted !== 'store' && wanted !== 'erase')
    return refuse('--git-credential is for Git, which adds get, store or erase.');
  if (wanted !== 'get') return { does: 'nothing' };
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
