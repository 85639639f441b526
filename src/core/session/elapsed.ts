/** Formats the time between two moments (epoch milliseconds) for the log, as in `1.5s`. */
export function secondsBetween(startedAt: number, endedAt: number): string {
  return `${((endedAt - startedAt) / 1000).toFixed(1)}s`;
}
