import { plainLine } from '../../core/text/safeText.ts';
import type { ProcessIdentity, ProcessPlace } from './processIdentity.ts';

/** Who holds a lock, as its file says. */
export interface Holder extends ProcessIdentity {
  /** Of this acquisition and no other: what a take-over names, as a part of a file's name. */
  readonly nonce: string;
  /** Absent in a lock of release 0.1.0, whose holder does not touch it either. */
  readonly place?: ProcessPlace;
}

/** The text of a lock file. Release 0.1.0 reads the first three members, and no others. */
export function lockText({ pid, startedAt, nonce, place }: Holder): string {
  return JSON.stringify({ pid, startedAt, nonce, ...place });
}

/** Undefined for a text that is not a lock's. */
export function parseHolder(text: string): Holder | undefined {
  let json: Partial<Record<string, unknown>>;
  try {
    json = (JSON.parse(text) ?? {}) as Partial<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { pid, startedAt, nonce, host, boot, namespace } = json;
  const isHolder =
    typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    pid < 2 ** 31 &&
    typeof startedAt === 'string' &&
    typeof nonce === 'string' &&
    /^[\w-]{1,64}$/.test(nonce);
  if (!isHolder) return undefined;
  const isPlaced = typeof host === 'string' && typeof boot === 'string' && typeof namespace === 'string';
  return isPlaced ? { pid, startedAt, nonce, place: { host, boot, namespace } } : { pid, startedAt, nonce };
}

/** A host name of a lock file, fit to be shown. */
export function shownHost(host: string): string {
  return plainLine(host).slice(0, 64);
}
