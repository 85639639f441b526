import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** All stored data of one organization. */
export interface Storage {
  /** The storage interface that oidc-provider uses for its models. */
  readonly adapterFor: AdapterFactory;
  /** All records of a model (`Grant`, `RefreshToken`, …), including expired ones. */
  records(model: string): readonly AdapterPayload[];
  /** Removes a grant with all its tokens and codes. */
  revokeTokens(grantId: string): void;
  /** Removes a user's browser sessions. */
  endBrowserSessions(accountId: string): void;
}

/**
 * A separate in-memory store for one organization: oidc-provider's own is shared by all providers of a process.
 * Never evicts records, and scans the whole table in searches other than by ID. Both are fine in tests, where
 * such searches are rare (a revocation) or tables small (browser sessions).
 */
export function createStorage(): Storage {
  const tables = new Map<string, Map<string, AdapterPayload>>();

  const table = (model: string): Map<string, AdapterPayload> => {
    const existing = tables.get(model);
    if (existing !== undefined) return existing;
    const created = new Map<string, AdapterPayload>();
    tables.set(model, created);
    return created;
  };

  return {
    adapterFor: (model) => createAdapter(table(model)),
    records: (model) => [...table(model).values()],
    revokeTokens(grantId) {
      for (const records of tables.values()) removeWhere(records, (record) => record.grantId === grantId);
      table('Grant').delete(grantId);
    },
    endBrowserSessions(accountId) {
      removeWhere(table('Session'), (record) => record.accountId === accountId);
    },
  };
}

function createAdapter(records: Map<string, AdapterPayload>): Adapter {
  const findWhere = (test: (record: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...records.values()].find(test);

  return {
    async upsert(id, payload) {
      records.set(id, payload);
    },
    // Return a copy, as a database would: changes must not persist unless stored.
    find: async (id) => structuredClone(records.get(id)),
    findByUid: async (uid) => structuredClone(findWhere((record) => record.uid === uid)),
    findByUserCode: async (userCode) => structuredClone(findWhere((record) => record.userCode === userCode)),
    async consume(id) {
      const record = records.get(id);
      if (record !== undefined) record.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      records.delete(id);
    },
    async revokeByGrantId(grantId) {
      removeWhere(records, (record) => record.grantId === grantId);
    },
  };
}

function removeWhere(records: Map<string, AdapterPayload>, test: (record: AdapterPayload) => boolean): void {
  for (const [id, record] of records) if (test(record)) records.delete(id);
}
