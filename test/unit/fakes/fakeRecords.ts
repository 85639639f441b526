import { abortable } from '../../../src/core/oauth/abortable.ts';
import type { RecordReading, SessionRecords } from '../../../src/core/ports.ts';

/** Session records as a map that all windows of a test share. */
interface FakeRecords extends SessionRecords {
  readonly map: Map<string, { readonly record: string; readonly about: string }>;
  /** Overrides the result of a read, for lost or older records. */
  readonly readings: Map<string, RecordReading>;
  /** Notifies listeners of a change, to this record or to any. */
  changed(id?: string): void;
}

export function fakeRecords(): FakeRecords {
  const map: FakeRecords['map'] = new Map();
  const readings: FakeRecords['readings'] = new Map();
  const listeners = new Set<(id: string | undefined) => void>();
  const turns = new Map<string, Promise<unknown>>();
  const changed = (id?: string): void => listeners.forEach((listener) => listener(id));
  return {
    map,
    readings,
    changed,
    ids: async () => [...new Set([...map.keys(), ...readings.keys()])],
    read: async (id) => {
      const stored = map.get(id);
      const found: RecordReading =
        stored === undefined ? { state: 'absent' } : { state: 'newest', record: stored.record };
      return readings.get(id) ?? found;
    },
    about: async (id) => map.get(id)?.about,
    write: async (id, record, about) => {
      map.set(id, { record, about });
      changed(id);
    },
    remove: async (id) => {
      map.delete(id);
      changed(id);
      return {};
    },
    withLock: async (id, signal, work) => {
      const before = turns.get(id) ?? Promise.resolve();
      const mine = before.then(work);
      turns.set(
        id,
        mine.catch(() => undefined),
      );
      return abortable(mine, signal);
    },
    onDidChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
