import type { Memento } from 'vscode';

/**
 * Keeps what spares a person a question the next time. What cannot be written is asked again, and stops nothing. Never
 * rejects.
 */
export async function remember(memento: Memento, key: string, value: unknown): Promise<void> {
  try {
    await memento.update(key, value);
  } catch {
    // The next time asks again.
  }
}
