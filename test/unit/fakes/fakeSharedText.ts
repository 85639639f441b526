import type { SharedText } from '../../../src/setup/setupPorts.ts';

/** A text that all windows of the test share, in memory. */
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
