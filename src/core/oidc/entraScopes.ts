/**
 * The hosts of Microsoft Entra ID: those of its clouds, and of tenants of External ID and Azure AD B2C
 * (learn.microsoft.com, authentication-national-cloud, b2clogin).
 */
const entraHost =
  /^(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|[\da-z-]+\.(?:ciamlogin\.com|b2clogin\.(?:com|cn)))$/;

/**
 * The granted scopes of a response as they were requested. Microsoft Entra ID ignores the case, may leave out the
 * address of the API, and answers `{address}/.default` with the permissions that it stands for. At any other issuer,
 * scopes are case-sensitive (RFC 6749, 3.3), and these would be other ones than requested.
 */
export function asRequested(
  issuer: string,
  granted: readonly string[],
  requested: readonly string[],
): readonly string[] {
  if (!entraHost.test(new URL(issuer).hostname)) return granted;
  const spellings = spellingsOf(requested);
  const scopes = granted.map((one) =>
    requested.includes(one) ? one : (spellings.get(one.toLowerCase()) ?? one),
  );
  return [...new Set([...scopes, ...requested.filter((one) => one.endsWith('/.default'))])];
}

/** The requested scopes by the spellings of Entra ID. A short one that stands for two APIs stands for neither. */
function spellingsOf(requested: readonly string[]): ReadonlyMap<string, string> {
  const ofApi = requested.filter((one) => /^(?:[a-z][a-z\d+.-]*:\/\/|[\da-f-]{36}\/)/i.test(one));
  const short = ofApi.map((one) => [one.slice(one.lastIndexOf('/') + 1).toLowerCase(), one] as const);
  return new Map([
    ...short.filter(([name]) => short.filter(([other]) => other === name).length === 1),
    ...requested.map((one) => [one.toLowerCase(), one] as const),
  ]);
}
