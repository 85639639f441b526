import type { SharedText } from '../../../src/setup/setupPorts.ts';

/** An in-memory text that all windows of the test share. */
export function fakeSharedText(first?: string): SharedText & { text: string | undefined; reads: number } {
  const shared = {
    text: first,
    reads: 0,
    read: async () => {
      shared.reads += 1;
      return shared.text;
    },
    change: async (next: (before: string | undefined) => string) => {
      await Promise.resolve();
      shared.text = next(shared.text);
    },
  };
  return shared;
}
