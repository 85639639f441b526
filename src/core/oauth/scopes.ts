/** At most so many scopes, of so many characters each, are asked for or kept: no organization needs more. */
export const mostScopes = 100;
const longestScope = 200;

/** Whether a text is a scope-token (RFC 6749, 3.3) of a length that is handled. */
export function isScope(text: string): boolean {
  return text.length <= longestScope && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/**
 * The scopes of a token answer: space-separated text (RFC 6749, 5.1), or the list that some servers send instead.
 * Only what is a scope is kept, each once, and at most {@link mostScopes}. Undefined where that leaves none: an answer
 * without a scope means those that were asked for.
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
