import { createSecretSearch, type SecretSearch } from '../tools/lib/secretSearch.ts';

/** Members of requests and responses, in JSON and forms, that only client and server may see. */
const secretNames: ReadonlySet<string> = new Set([
  ...['accessToken', 'refreshToken', 'clientSecret', 'deviceCode', 'code', 'codeVerifier'],
  ...['access_token', 'refresh_token', 'client_secret', 'device_code', 'code_verifier', 'token'],
  ...['id_token', 'idToken', 'id_token_hint'],
]);

/** The secrets of one run, as seen on the wire. */
export interface SecretsOfRun {
  /** A `fetch` that records the secrets in its requests and responses. */
  readonly fetch: typeof fetch;
  /**
   * The names of the secrets found in a text, complete or partial, plain or encoded; never the secrets
   * themselves.
   */
  foundIn(text: string): readonly string[];
}

export function createSecretsOfRun(): SecretsOfRun {
  const seen = new Map<string, string>();
  let search: SecretSearch | undefined;
  const remember = (text: string): void => {
    search = undefined;
    for (const [name, value] of membersOf(text)) {
      if (secretNames.has(name) && typeof value === 'string' && value.length >= 8) seen.set(value, name);
    }
  };
  return {
    fetch: async (input, init) => {
      if (typeof init?.body === 'string') remember(init.body);
      const response = await fetch(input, init);
      remember(
        await response
          .clone()
          .text()
          .catch(() => ''),
      );
      return response;
    },
    foundIn: (text) => {
      search ??= createSecretSearch([...seen].map(([value, name]) => ({ name, value })));
      return search.in(text);
    },
  };
}

function membersOf(text: string): readonly (readonly [name: string, value: unknown])[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  } catch {
    return [...new URLSearchParams(text)];
  }
}
