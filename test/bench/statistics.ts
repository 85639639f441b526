/**
 * The percentile by nearest rank: the smallest value that at least this share of the values does not exceed.
 * @param share above 0, at most 1
 */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const descending = percentile(
    values.map((value) => -value),
    0.5,
  );
  return (percentile(values, 0.5) - descending) / 2;
}
