/** How long something took, for the log; both in epoch milliseconds. */
export function secondsBetween(startedAt: number, endedAt: number): string {
  return `${((endedAt - startedAt) / 1000).toFixed(1)}s`;
}
