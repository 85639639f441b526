import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { hasIpv6 } from '../unit/fakes/ports.ts';

/** A port held on one address until disposed. */
export interface HeldPort extends AsyncDisposable {
  readonly port: number;
}

/** Holds a port of an address, any free one by default; rejects with the system's error if it is in use. */
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

/** Whether these ports are free on both loopback addresses. */
export async function areFree(ports: readonly number[]): Promise<boolean> {
  const addresses = (await hasIpv6()) ? (['127.0.0.1', '::1'] as const) : (['127.0.0.1'] as const);
  for (const port of ports) {
    for (const address of addresses) {
      try {
        await using _ = await holdPort(address, port);
      } catch {
        return false;
      }
    }
  }
  return true;
}
