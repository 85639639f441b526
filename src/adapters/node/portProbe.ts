import { once } from 'node:events';
import { createServer } from 'node:net';
import type { PortStatus } from '../../features/diagnosticsData.ts';
import type { PortRefusal } from '../../core/oauth/errors.ts';
import { codeOf } from './systemFile.ts';

const addresses = ['127.0.0.1', '::1'] as const;

/** Binds each port on each loopback address in turn, and releases it immediately. */
export async function probePorts(ports: readonly number[]): Promise<readonly PortStatus[]> {
  const statuses: PortStatus[] = [];
  for (const port of ports) {
    const found = await Promise.all(addresses.map((address) => refusalOf(port, address)));
    statuses.push({ port, refusals: found.filter((refusal) => refusal !== undefined) });
  }
  return statuses;
}

async function refusalOf(port: number, address: string): Promise<PortRefusal | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ port, host: address, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    return { port, address, code: codeOf(error) ?? 'unknown' };
  }
  server.close();
  await once(server, 'close');
  return undefined;
}
