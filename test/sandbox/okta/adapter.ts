import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** Everything that one organization remembers. */
export interface Storage {
  /** What oidc-provider stores and finds its models through. */
  readonly adapterFor: AdapterFactory;
  /** All records of a model (`Grant`, `RefreshToken`, …), those that have expired too. */
  records(model: string): readonly AdapterPayload[];
  /** Removes a grant and every token and code that belongs to it. */
  revokeTokens(grantId: string): void;
  /** Removes a person's browser sessions. */
  endBrowserSessions(accountId: string): void;
}

/**
 * A memory of its own for one organization: oidc-provider's is shared by all providers of a process. Nothing is ever
 * evicted, and searches that are not by id go through the whole table: both are right for the life of a test run, where
 * such searches are rare (a revocation) or tables small (sessions of browsers).
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
    // A copy, as from a database: what a request changes and does not store stays its own.
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
