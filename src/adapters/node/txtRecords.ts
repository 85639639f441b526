import { Resolver } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { abortError, SignInError } from '../../core/oauth/errors.ts';
import type { TxtAnswer, TxtLookups } from '../../setup/setupPorts.ts';

/** The error codes of c-ares for a missing name or record: a valid answer, not a failure. */
const noRecordCodes = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);
const timeoutMilliseconds = 2000;
/** Maximum numbers of name servers to ask in a zone, and of zones to look for above a name. */
const maxServers = 4;
/** Maximum number of names in a chain of aliases (RFC 1034, 3.6.2). */
const maxAliases = 3;

/** Addresses that are unreachable from outside a network (RFC 1918, 3927, 4193, 4291, 6598). */
const internal = new BlockList();
internal.addSubnet('10.0.0.0', 8);
internal.addSubnet('172.16.0.0', 12);
internal.addSubnet('192.168.0.0', 16);
internal.addSubnet('169.254.0.0', 16);
internal.addSubnet('100.64.0.0', 10);
internal.addSubnet('fc00::', 7, 'ipv6');
internal.addSubnet('fe80::', 10, 'ipv6');

/** The resolver to ask instead of the system's, and the port of all other name servers. */
interface TxtOptions {
  /** `address:port`. */
  readonly servers?: readonly string[];
  readonly namePort?: number;
}

/** TXT lookups by a resolver, or by the name servers of the name's own zone. */
export function createTxtLookups({ servers, namePort = 53 }: TxtOptions = {}): TxtLookups {
  const resolverAt = (addresses = servers, tries = 2): Resolver => {
    const resolver = new Resolver({ timeout: timeoutMilliseconds, tries });
    if (addresses !== undefined) resolver.setServers(addresses);
    return resolver;
  };
  return {
    txt: async (name, signal) => txtAt(resolverAt(), name, signal),
    zoneTxt: async (name, signal) => {
      let at = name;
      for (let aliases = 0; aliases <= maxAliases; aliases++) {
        const found = await nameServersOf(resolverAt(), at, signal);
        const asked = found
          .filter((address) => !internal.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
          .map((address) => (isIPv6(address) ? `[${address}]:${namePort}` : `${address}:${namePort}`));
        if (asked.length === 0)
          return found.length === 0 ? undefined : { records: [], servers: found, isInternal: true };
        // Ask all of them: one may be outdated or not respond.
        const answers = await Promise.all(
          asked.map(async (server) => txtAt(resolverAt([server], 1), at, signal).catch(() => undefined)),
        );
        signal.throwIfAborted();
        const told = answers.filter((answer) => answer !== undefined);
        if (told.length === 0) return undefined;
        const servers = told.flatMap((answer) => answer.servers);
        const records = [...new Set(told.flatMap((answer) => answer.records))];
        // If the name is an alias into another zone, ask that zone.
        const [alias] =
          records.length > 0
            ? []
            : await resolverAt(servers, 1)
                .resolveCname(at)
                .catch(() => []);
        signal.throwIfAborted();
        if (alias === undefined) return { records, servers };
        at = alias;
      }
      return undefined;
    },
  };
}

async function txtAt(resolver: Resolver, name: string, signal: AbortSignal): Promise<TxtAnswer> {
  // A record longer than 255 bytes is split (RFC 1035, 3.3.14).
  const found = await noneIfMissing(resolver, name, signal, async () => resolver.resolveTxt(name));
  return { records: found.map((parts) => parts.join('')), servers: resolver.getServers() };
}

/** The addresses of the name servers of a name's zone: the nearest zone above it that has any. */
async function nameServersOf(
  resolver: Resolver,
  name: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labels = name.split('.');
  for (let first = 0; first < labels.length - 1; first++) {
    const zone = labels.slice(first).join('.');
    const hosts = await noneIfMissing(resolver, zone, signal, async () => resolver.resolveNs(zone)).catch(
      () => [],
    );
    signal.throwIfAborted();
    if (hosts.length === 0) continue;
    const addresses = await Promise.all(
      hosts.slice(0, maxServers).map(async (host) => {
        const [four, six] = await Promise.all([
          noneIfMissing(resolver, host, signal, async () => resolver.resolve4(host)).catch(() => []),
          noneIfMissing(resolver, host, signal, async () => resolver.resolve6(host)).catch(() => []),
        ]);
        return [...four, ...six];
      }),
    );
    return addresses.flat().slice(0, maxServers);
  }
  return [];
}

/**
 * The result of a lookup; empty if the name or the record is missing. @throws SignInError `network`, `timeout`,
 * `cancelled`
 */
async function noneIfMissing<T>(
  resolver: Resolver,
  name: string,
  signal: AbortSignal,
  ask: () => Promise<T[]>,
): Promise<readonly T[]> {
  const details = { operation: 'dns', host: name };
  if (signal.aborted) throw abortError(signal, details);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (noRecordCodes.has(code)) return [];
    if (code === 'ECANCELLED') throw abortError(signal, details);
    throw new SignInError(code === 'ETIMEOUT' ? 'timeout' : 'network', { ...details, code }, error);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
