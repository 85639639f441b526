import type { SecretStore, SessionRecords } from '../core/ports.ts';

/** Release 0.1.0 copied an unreadable record, with its tokens, to a secret of this name and the ID; nothing reads it. */
const copyPrefix = 'aside:';

/** The records, without the copies of release 0.1.0: the first listing deletes all, and a removal its record's. */
export function withoutOldCopies(records: SessionRecords, secrets: SecretStore): SessionRecords {
  let isDone = false;
  const removeAll = async (): Promise<void> => {
    const names = isDone ? [] : await secrets.keys();
    await Promise.all(
      names.filter((name) => name.startsWith(copyPrefix)).map((name) => secrets.delete(name)),
    );
    isDone = true;
  };
  return {
    ...records,
    ids: async () => {
      const [ids] = await Promise.all([records.ids(), removeAll().catch(() => undefined)]);
      return ids;
    },
    remove: async (id) => {
      const left = await records.remove(id);
      await secrets.delete(copyPrefix + id).catch(() => undefined);
      return left;
    },
  };
}
