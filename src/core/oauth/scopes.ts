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
  const spellings = spellingsOf(requested);
  const scopes = new Set<string>();
  for (const part of parts) {
    if (typeof part !== 'string' || !isScope(part)) continue;
    scopes.add(requested.includes(part) ? part : (spellings.get(part.toLowerCase()) ?? part));
    if (scopes.size === maxScopes) break;
  }
  if (scopes.size === 0) return requested;
  return [...scopes, ...requested.filter((one) => one.endsWith('/.default') && !scopes.has(one))];
}

/**
 * The requested scopes by the spellings that servers use for them. Microsoft Entra ID ignores the case, may leave out
 * the address of the API, and answers `{address}/.default` with the permissions that it stands for.
 */
function spellingsOf(requested: readonly string[]): ReadonlyMap<string, string> {
  const ofApi = requested.filter((one) => /^(?:[a-z][a-z\d+.-]*:\/\/|[\da-f-]{36}\/)/i.test(one));
  return new Map([
    ...ofApi.map((one) => [one.slice(one.lastIndexOf('/') + 1).toLowerCase(), one] as const),
    ...requested.map((one) => [one.toLowerCase(), one] as const),
  ]);
}

const maxResponseLength = maxScopes * (maxScopeLength + 1);
