/** Maximum number of scopes to request or store. */
export const mostScopes = 100;
const longestScope = 200;

/** Whether a text is a scope-token (RFC 6749, 3.3) of a supported length. */
export function isScope(text: string): boolean {
  return text.length <= longestScope && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/**
 * Parses the `scope` of a token response: a space-separated string (RFC 6749, 5.1), or the array that some servers
 * send. Drops invalid and duplicate scopes, and those beyond {@link mostScopes}. Undefined if none are left, which
 * means that the server granted the requested ones.
 */
export function readGrantedScopes(scope: unknown): readonly string[] | undefined {
  const parts: readonly unknown[] =
    typeof scope === 'string'
      ? scope.slice(0, longestAnswer).split(/\s+/)
      : Array.isArray(scope)
        ? scope
        : [];
  const scopes = new Set<string>();
  for (const part of parts) {
    if (typeof part === 'string' && isScope(part)) scopes.add(part);
    if (scopes.size === mostScopes) break;
  }
  return scopes.size === 0 ? undefined : [...scopes];
}

const longestAnswer = mostScopes * (longestScope + 1);
