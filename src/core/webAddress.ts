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

/** An address as typed, without a user name or password in it: those are never shown or kept. */
export function withoutUserInfo(text: string): string {
  return text.replace(/^(\s*<?(?:[a-z][a-z\d+.-]*:)?\/*)[^/?#]*@/i, '$1');
}
