import { createSealedRecords } from '../../../src/adapters/node/sealedRecords.ts';
import type { StorageProblem } from '../../../src/adapters/node/sealedRecord.ts';
import { createSealingKey } from '../../../src/adapters/node/sealing.ts';
import type { SecretStore } from '../../../src/core/ports.ts';
import { fakeLog } from './fakeLog.ts';
import { fakeSecrets } from './fakeSecrets.ts';

/** The sealing key in SecretStorage: a window that finds one does not create it. */
export const sealingKey = createSealingKey().bytes.toString('base64');

/** A window's secrets: the sealing key and the given ones. */
export function secretsWithKey(entries: Readonly<Record<string, string>> = {}) {
  return fakeSecrets({ sealingKey, ...entries });
}

/** Secrets of a keyring that fails for these calls. */
export function brokenSecrets(...calls: readonly (keyof SecretStore)[]) {
  const secrets = secretsWithKey();
  const breaks = () => Promise.reject(Object.assign(new Error('locked'), { code: 'EKEYRING' }));
  return { ...secrets, ...Object.fromEntries(calls.map((call) => [call, breaks])) };
}

/** The records of one window in a real folder. Windows that share a folder may or may not share their secrets. */
export function recordsWindow(folder: string, secrets: SecretStore = secretsWithKey()) {
  const log = fakeLog();
  const troubles: StorageProblem[] = [];
  const records = createSealedRecords(folder, { secrets, log, onProblem: (which) => troubles.push(which) });
  return { ...records, log, troubles };
}
