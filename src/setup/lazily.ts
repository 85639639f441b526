/** A value that is asked for at most once; whoever asks meanwhile waits for the same answer. */
export function lazily<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
