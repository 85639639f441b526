import type { Memento } from 'vscode';

/** A memento as a map; `kept` has the stored values. */
export function fakeMemento(kept = new Map<string, unknown>()): Memento & { readonly kept: typeof kept } {
  return {
    kept,
    get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
    keys: () => [...kept.keys()],
  } as Memento & { readonly kept: typeof kept };
}
