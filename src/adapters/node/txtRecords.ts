import { Resolver } from 'node:dns/promises';
import { abortError, SignInError } from '../../core/oauth/errors.ts';

/** What c-ares says when the name, or the record at it, is missing: an answer, and no failure. */
const nothingThere = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);
const timeoutMilliseconds = 4000;

/** Asks the DNS for TXT records; `servers` are `address:port`, the system's own unless given. */
export function createTxtRecords(servers?: readonly string[]) {
  return async (name: string, signal: AbortSignal): Promise<readonly string[]> => {
    const resolver = new Resolver({ timeout: timeoutMilliseconds, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const facts = { operation: 'dns', host: name };
    if (signal.aborted) throw abortError(signal, facts);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      // A record longer than 255 bytes comes in parts (RFC 1035, 3.3.14).
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (nothingThere.has(code)) return [];
      if (code === 'ECANCELLED') throw abortError(signal, facts);
      throw new SignInError(code === 'ETIMEOUT' ? 'timeout' : 'network', { ...facts, code }, error);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}
