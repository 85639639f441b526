import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Holds a port of one address until it is disposed; undefined when it cannot be had. */
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

/** Different ports that are free on every loopback address now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const needsIpv6 = await hasIpv6();
  const found = new Set<number>();
  while (found.size < count) {
    const first = await occupy(0, '127.0.0.1');
    if (first === undefined) throw new Error('This machine has no 127.0.0.1');
    const second = await occupy(first.port, '::1');
    if (second !== undefined || !needsIpv6) found.add(first.port);
    await second?.[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  }
  return [...found];
}
