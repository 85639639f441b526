/** Maximum number of scopes to request or store. */
export const maxScopes = 100;
const maxScopeLength = 200;

/** Whether a text is a scope-token (RFC 6749, 3.3) of a supported length. */
export function isScope(text: string): boolean {
  return text.length <= maxScopeLength && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/**
 * Parses the `scope` of a token response: a space-separated string (RFC 6749, 5.1), or the array or comma-separated
 * string that some servers send. Drops invalid and duplicate scopes, and those beyond {@link maxScopes}. Without any,
 * the server granted the requested ones.
 */
export function readGrantedScopes(scope: unknown, requested: readonly string[]): readonly string[] {
  const separator = requested.some((one) => one.includes(',')) ? /\s+/ : /[\s,]+/;
  const parts: readonly unknown[] =
    typeof scope === 'string'
      ? scope.slice(0, maxResponseLength).split(separator)
      : Array.isArray(scope)
        ? scope
        : [];
  const scopes = new Set<string>();
  for (const part of parts) {
    if (typeof part === 'string' && isScope(part)) scopes.add(part);
    if (scopes.size === maxScopes) break;
  }
  return scopes.size === 0 ? requested : [...scopes];
}

const maxResponseLength = maxScopes * (maxScopeLength + 1);
