/** The effect of exceeding a bound: sizes and counts are deterministic, times depend on the machine. */
export type BoundKind = 'size' | 'count' | 'time';

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'bytes' | 'requests' | 'times' | '';
  /** The samples behind the value, only for `dist/bench.json`. */
  readonly samples?: readonly unknown[];
  /** A figure without a bound that docs/MEASURED.md shows, for comparison with another one. */
  readonly isControl?: true;
  readonly bound?: { readonly most: number; readonly kind: BoundKind };
}

/** A figure in the format of `dist/bench.json`. */
export interface JudgedFigure extends Figure {
  /** Value divided by bound; undefined if the bound is zero. */
  readonly ratio?: number;
  readonly isOver: boolean;
}

export function judge(figure: Figure): JudgedFigure {
  const { value, bound } = figure;
  if (bound === undefined) return { ...figure, isOver: false };
  const ratio = bound.most === 0 ? {} : { ratio: value / bound.most };
  return { ...figure, ...ratio, isOver: !(value <= bound.most) };
}

/** Whether the run has failed: benchmarks are not timed tests, so times never fail it. */
export function breaksTheRun({ isOver, bound }: JudgedFigure): boolean {
  return isOver && bound?.kind !== 'time';
}
