/** Longer than it takes to see that a list has changed, and to hold back a finger that was on its way. Milliseconds. */
const reactionMilliseconds = 500;

/** A row of a list that changes by itself. Two rows with one key are the same thing to a person. */
export interface SteadyRow {
  /** A separator has none, and takes no room. */
  readonly key?: string;
  /** A second line. */
  readonly detail?: string;
  /** What choosing it does; a row without it only says something. */
  readonly choose?: () => unknown;
}

/** The rows of a list, so that a change of them never turns one choice into another under the hand. */
export interface SteadyRows<R extends SteadyRow> {
  /**
   * Puts other rows in place of those that are there.
   * @param active the row that is active now
   * @param preferred the key of the row to be active, unless the person has gone to another one that is still there
   * @returns the row to be active
   */
  replace(rows: readonly R[], active: R | undefined, preferred: string): R | undefined;
  /** Whether who accepts this row now means it, and not another one that stood in its place a moment ago. */
  isMeant(row: R): boolean;
}

/** @param now epoch milliseconds */
export function createSteadyRows<R extends SteadyRow>(now: () => number): SteadyRows<R> {
  let rows: readonly R[] = [];
  let before: readonly R[] = [];
  let changedAt = 0;
  let lastPreferred = '';
  return {
    replace: (next, active, preferred) => {
      const hasMoved = active?.key !== undefined && active.key !== lastPreferred;
      const kept = hasMoved ? next.find(({ key }) => key === active.key) : undefined;
      if (next.length !== rows.length || next.some((row, index) => !isLike(row, rows[index]))) {
        before = rows;
        changedAt = now();
      }
      rows = next;
      lastPreferred = preferred;
      return kept ?? next.find(({ key }) => key === preferred);
    },
    isMeant: (row) => {
      if (now() - changedAt >= reactionMilliseconds) return true;
      const place = placesOf(rows).find((one) => one.row === row);
      const stood = placesOf(before).filter(
        ({ from, to }) => place !== undefined && from < place.to && place.from < to,
      );
      return stood.every((one) => one.row.choose === undefined || one.row.key === row.key);
    },
  };
}

/** Whether it is the same thing, and as high. */
function isLike(one: SteadyRow, other: SteadyRow | undefined): boolean {
  return one.key === other?.key && (one.detail === undefined) === (other?.detail === undefined);
}

/** Where each row lies, in lines from the top. */
function placesOf<R extends SteadyRow>(rows: readonly R[]) {
  let from = 0;
  return rows.map((row) => {
    const lines = row.key === undefined ? 0 : row.detail === undefined ? 1 : 2;
    const place = { row, from, to: from + lines };
    from = place.to;
    return place;
  });
}
