import type { AwsCli, AwsCliToken, AwsCliTokenAsFound } from '../../../src/features/awsCli.ts';

/** The CLI's cache as a map, with a sharing choice that the test can change. */
interface FakeAwsCli extends AwsCli {
  readonly files: Map<string, AwsCliTokenAsFound | 'unreadable'>;
  /** All changing calls: `write name`, `remove name`. */
  readonly changes: readonly string[];
  choice: { readonly name: string | undefined } | undefined;
  /** The error of the next calls of this kind. */
  fails: Partial<Record<'read' | 'write' | 'remove', Error>>;
  /** Called before each read. */
  beforeRead: () => void;
  /** Refreshes the token of a name, as an SDK does. */
  refreshedBySdk(name: string, change: Partial<AwsCliToken>, without?: readonly (keyof AwsCliToken)[]): void;
}

export function fakeAwsCli(now: () => number): FakeAwsCli {
  const files: FakeAwsCli['files'] = new Map();
  const changes: string[] = [];
  const failing = (call: 'read' | 'write' | 'remove'): void => {
    const error = awsCli.fails[call];
    if (error !== undefined) throw error;
  };
  const awsCli: FakeAwsCli = {
    files,
    changes,
    choice: undefined,
    fails: {},
    beforeRead: () => undefined,
    refreshedBySdk: (name, change, without = []) => {
      const found = files.get(name);
      if (found === undefined || found === 'unreadable') throw new Error(`There is nothing under ${name}`);
      const kept = Object.fromEntries(
        Object.entries(found).filter(([key]) => !(without as readonly string[]).includes(key)),
      ) as unknown as AwsCliTokenAsFound;
      files.set(name, { ...kept, ...change, writtenAt: now() });
    },
    wanted: async () => awsCli.choice,
    cache: async () => ({
      read: async (name) => {
        awsCli.beforeRead();
        failing('read');
        return files.get(name);
      },
      write: async (name, token) => {
        failing('write');
        files.set(name, { ...token, writtenAt: now() });
        changes.push(`write ${name}`);
      },
      remove: async (name) => {
        failing('remove');
        files.delete(name);
        changes.push(`remove ${name}`);
      },
    }),
  };
  return awsCli;
}
