/** Whether a host name is loopback (RFC 8252, 8.3): `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** Whether a URL is on this machine, over http or https. */
export function isLoopbackUrl(url: URL): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && isLoopbackHost(url.hostname);
}

/**
 * Removes a user name and password, which are never shown or stored, from a typed address: everything between the
 * scheme and the last `@`, even if the text is not a URL.
 */
export function withoutUserInfo(text: string): string {
  const [start = ''] = /^\s*<?(?:[a-z][a-z\d+.-]*:(?=\/))?\/*/i.exec(text) ?? [];
  const at = text.lastIndexOf('@');
  return at < start.length ? text : start + text.slice(at + 1);
}

/** An address for display and reports, without user info, query or fragment, which may hold a password or key. */
export function shownAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return withoutUserInfo(text).replace(/[?#].*/s, '');
  return `${url.origin}${url.pathname === '/' && !text.endsWith('/') ? '' : url.pathname}`;
}
