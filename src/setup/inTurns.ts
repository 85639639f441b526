/** Does `work` for all items, at most `atATime` of them side by side. The results are in the order of the items. */
export async function inTurns<T, R>(
  atATime: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const waiting = items.map((item, index) => ({ item, index }));
  const results: { readonly index: number; readonly result: R }[] = [];
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      results.push({ index: one.index, result: await work(one.item) });
    }
  };
  await Promise.all(Array.from({ length: atATime }, next));
  return results.sort((a, b) => a.index - b.index).map(({ result }) => result);
}
