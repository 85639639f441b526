import { createServer } from 'node:net';
import type { PortRefusal } from '../core/errors.ts';

/** `localhost` is both (PROTOCOL.md, 3). */
const addresses = ['127.0.0.1', '::1'] as const;
/** A machine without a family answers so: then the other address is all there is. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Every port and loopback address that cannot be had, with the system's error; each is held for a moment only. */
export async function probeLoopbackPorts(ports: readonly number[]): Promise<readonly PortRefusal[]> {
  const refusals = await Promise.all(
    ports.flatMap((port) =>
      addresses.map(async (address) => {
        const code = await bind(port, address);
        return code === undefined || noSuchFamily.has(code) ? [] : [{ port, address, code }];
      }),
    ),
  );
  return refusals.flat();
}

/** The system's code when the address cannot be had. */
function bind(port: number, host: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    resolve(error.code ?? 'UNKNOWN');
  });
  server.listen({ port, host, exclusive: true, ipv6Only: true }, () => {
    server.close(() => {
      resolve(undefined);
    });
  });
  return promise;
}
