import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Holds a port of one address until disposed; undefined if it cannot be bound. */
export async function occupy(
  port: number,
  address: string,
): Promise<(AsyncDisposable & { readonly port: number }) | undefined> {
  const server = createServer().listen({ port, host: address, exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether this machine has `::1`. */
export async function hasIpv6(): Promise<boolean> {
  const held = await occupy(0, '::1');
  await held?.[Symbol.asyncDispose]();
  return held !== undefined;
}

/**
 * Distinct ports that are free on every loopback address. They are below the system's range for outgoing
 * connections and dynamic ports (from 32768), and each test worker has its own range, so that they stay free
 * between uses.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const needsIpv6 = await hasIpv6();
  const first = 20_000 + ((Number(process.env['VITEST_POOL_ID']) || 0) % 12) * 1_000;
  const found = new Set<number>();
  while (found.size < count) {
    const port = first + randomInt(1_000);
    await using one = await occupy(port, '127.0.0.1');
    await using other = await occupy(port, '::1');
    if (one !== undefined && (other !== undefined || !needsIpv6)) found.add(port);
  }
  return [...found];
}
