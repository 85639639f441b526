import type { PortRefusal } from '../../core/oauth/errors.ts';
import { probePorts } from './portProbe.ts';

/** Error codes of a machine without one address family; the other address is then sufficient. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** The ports that cannot be bound on a loopback address, with the system's error. Holds each for a moment only. */
export async function takenPorts(ports: readonly number[]): Promise<readonly PortRefusal[]> {
  const statuses = await probePorts(ports);
  return statuses.flatMap(({ refusals }) => refusals.filter(({ code }) => !noSuchFamily.has(code)));
}
