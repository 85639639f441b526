import { plainLine } from '../../core/text/safeText.ts';
import type { ProcessIdentity, ProcessPlace } from './processIdentity.ts';

/** The holder of a lock, as its file names it. */
export interface Holder extends ProcessIdentity {
  /** Unique to this acquisition; part of the file name of a take-over lock. */
  readonly nonce: string;
  /** Absent in a lock of release 0.1.0, whose holder does not touch it. */
  readonly place?: ProcessPlace;
}

/** The text of a lock file. Release 0.1.0 reads only its first three members. */
export function lockText({ pid, startedAt, nonce, place }: Holder): string {
  return JSON.stringify({ pid, startedAt, nonce, ...place });
}

/** Parses a lock file; undefined for any other text. */
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

/** The host name of a lock file, safe to display. */
export function shownHost(host: string): string {
  return plainLine(host).slice(0, 64);
}
