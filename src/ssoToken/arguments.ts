import type { TerminalRequest } from '../features/terminalProtocol.ts';

/** How the answer is printed. */
export type Format = 'token' | 'json' | 'header' | 'execCredential' | 'list';

/** The meaning of a call of `sso-token`. */
export type Call =
  | { readonly does: 'help' }
  | { readonly does: 'refuse'; readonly why: string }
  | { readonly does: 'ask'; readonly request: TerminalRequest; readonly format: Format };

const formats: Readonly<Record<string, Format>> = {
  '--json': 'json',
  '--header': 'header',
  '--exec-credential': 'execCredential',
  '--list': 'list',
};

/** Reads the arguments of a call; `--scope=x` is `--scope x`. */
export function parseArguments(given: readonly string[]): Call {
  const words = given.flatMap((word) => {
    const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return name === undefined || value === undefined ? [word] : [name, value];
  });
  const chosen: string[] = [];
  const names: string[] = [];
  const scopes: string[] = [];
  let signIn = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--help' || word === '-h') return { does: 'help' };
    if (word === '--sign-in') signIn = true;
    else if (word === '--scope') {
      const scope = words[++index];
      if (scope === undefined || scope.startsWith('-')) return refuse('--scope needs a scope.');
      scopes.push(...scope.split(/[ ,]+/).filter((one) => one !== ''));
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
  const format = kind === undefined ? (isList ? 'list' : 'token') : (formats[kind] ?? 'token');
  const request: TerminalRequest = {
    ask: isList ? 'list' : 'token',
    ...(name === undefined ? {} : { connection: name }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(signIn ? { signIn } : {}),
  };
  return { does: 'ask', request, format };
}

function refuse(why: string): Call {
  return { does: 'refuse', why };
}
