import { isPseudoScope } from '../connection/connection.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';

/**
 * Scopes that shape the answer of the token endpoint and are not a permission of the access token: `openid` asks for an ID
 * token (OpenID Connect Core 3.1.2.1), `offline_access` for a refresh token (11). Servers leave them out of `scope`.
 */
const responseScopes: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/** Whether a token can hold this scope: not a choice of connection, and not one that only shapes the response. */
export function isRight(scope: string): boolean {
  return !isPseudoScope(scope) && !responseScopes.has(scope);
}

/** The rights among `asked` that a token set was not granted, each once. */
export function missingRights(
  { scopes }: Pick<TokenSet, 'scopes'>,
  asked: readonly string[],
): readonly string[] {
  return [...new Set(asked)].filter((scope) => isRight(scope) && !scopes.includes(scope));
}
