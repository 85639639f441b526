import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';

/**
 * Waits until VS Code has stored a state entry with this key prefix. In a browser it stores state every few
 * seconds; reloading the page earlier loses, for example, which extension may use an account.
 */
export async function untilStored(page: Page, beginning: string): Promise<void> {
  await eventually(`VS Code to have stored "${beginning}…"`, () => page.evaluate(isStored, beginning));
}

/** In the page: whether one of its databases has such a key. */
async function isStored(beginning: string): Promise<true | undefined> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(request.error?.message));
    });
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const keys = await done(database.transaction(store).objectStore(store).getAllKeys());
        if (keys.some((key) => typeof key === 'string' && key.startsWith(beginning))) return true;
      }
    } finally {
      database.close();
    }
  }
  return undefined;
}
