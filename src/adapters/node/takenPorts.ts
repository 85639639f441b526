import type { PortRefusal } from '../../core/oauth/errors.ts';
import { probePorts } from './portProbe.ts';

/** A machine without a family answers so: then the other address is all there is. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Every port and loopback address that cannot be had, with the system's error; each is held for a moment only. */
export async function takenPorts(ports: readonly number[]): Promise<readonly PortRefusal[]> {
  const looks = await probePorts(ports);
  return looks.flatMap(({ refusals }) => refusals.filter(({ code }) => !noSuchFamily.has(code)));
}
