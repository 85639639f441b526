import { isPseudoScope } from '../connection/connection.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';

/**
 * Scopes that shape the token response and grant no access: `openid` requests an ID token (OpenID Connect Core
 * 3.1.2.1), `offline_access` a refresh token (11). Servers omit them from `scope`.
 */
const responseScopes: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/** Whether a token can hold a scope: not a pseudo-scope, nor one that only shapes the response. */
export function isRight(scope: string): boolean {
  return !isPseudoScope(scope) && !responseScopes.has(scope);
}

/** The distinct rights in `requested` that a token set does not have. */
export function missingRights(
  { scopes }: Pick<TokenSet, 'scopes'>,
  requested: readonly string[],
): readonly string[] {
  return [...new Set(requested)].filter((scope) => isRight(scope) && !scopes.includes(scope));
}
