import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port held on one address until it is disposed. */
export interface HeldPort extends AsyncDisposable {
  readonly port: number;
}

/** Holds a port of an address, any free one unless told; rejects with the system's error when it is taken. */
export async function holdPort(address: '127.0.0.1' | '::1', port = 0): Promise<HeldPort> {
  const server = createServer().listen({ host: address, port, exclusive: true, ipv6Only: true });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Ports that were free on 127.0.0.1 a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => holdPort('127.0.0.1')));
  await Promise.all(held.map((one) => one[Symbol.asyncDispose]()));
  return held.map(({ port }) => port);
}

/** Whether these ports are free, on either loopback address. */
export async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    for (const address of ['127.0.0.1', '::1'] as const) {
      try {
        await using _ = await holdPort(address, port);
      } catch {
        return false;
      }
    }
  }
  return true;
}
