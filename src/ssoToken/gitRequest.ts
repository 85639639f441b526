/** Git's request: where to sign in, and the user name if it knows one. */
export interface GitRequest {
  readonly protocol?: string;
  readonly host?: string;
  readonly username?: string;
}

/** Size limit for a request, in characters. */
const longest = 16_384;

/**
 * Reads a request from Git to a credential helper: `name=value` lines, up to an empty one or the end
 * (git-credential(1)).
 */
export async function readGitRequest(input: AsyncIterable<Buffer | string>): Promise<GitRequest> {
  let text = '';
  for await (const part of input) {
    text += part.toString();
    if (/\n\r?\n/.test(text) || text.length > longest) break;
  }
  const values = new Map(
    text
      .split('\n')
      .map((line) => line.replace(/\r$/, ''))
      .flatMap((line) => {
        const [, name, value] = /^([^=]+)=(.*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value] as const];
      }),
  );
  const [protocol, host, username] = ['protocol', 'host', 'username'].map((name) => values.get(name));
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(host === undefined ? {} : { host }),
    ...(username === undefined ? {} : { username }),
  };
}
