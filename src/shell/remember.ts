import type { Memento } from 'vscode';

/** Stores an answer to avoid asking again. A failed write is ignored: the question is then repeated. Never rejects. */
export async function remember(memento: Memento, key: string, value: unknown): Promise<void> {
  try {
    await memento.update(key, value);
  } catch {
    // The question is repeated next time.
  }
}
