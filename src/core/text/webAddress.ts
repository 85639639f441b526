/** Whether a host name is this machine by RFC 8252, 8.3: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** Whether an address is on this machine, over http or https. */
export function isLoopbackUrl(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && isLoopbackHost(url.hostname);
}

/**
 * An address as typed, without a user name or password in it: those are never shown or kept. What is not an address may
 * still hold them, so that nothing before the last `@` is left but the scheme.
 */
export function withoutUserInfo(text: string): string {
  const [start = ''] = /^\s*<?(?:[a-z][a-z\d+.-]*:(?=\/))?\/*/i.exec(text) ?? [];
  const at = text.lastIndexOf('@');
  return at < start.length ? text : start + text.slice(at + 1);
}

/** An address for people and reports: no user information, query or fragment, which may hold a password or a key. */
export function shownAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return withoutUserInfo(text).replace(/[?#].*/s, '');
  return `${url.origin}${url.pathname === '/' && !text.endsWith('/') ? '' : url.pathname}`;
}
