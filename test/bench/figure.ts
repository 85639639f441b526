/** What breaks when a bound is passed: a size and a count always are what they are, a time depends on the machine. */
export type BoundKind = 'size' | 'count' | 'time';

/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'bytes' | 'requests' | 'times' | '';
  /** What the value was made of, for `dist/bench.json` alone. */
  readonly samples?: readonly unknown[];
  readonly bound?: { readonly most: number; readonly kind: BoundKind };
}

/** A figure as `dist/bench.json` has it. */
export interface JudgedFigure extends Figure {
  /** Value over bound; none where the bound is zero. */
  readonly ratio?: number;
  readonly isOver: boolean;
}

export function judge(figure: Figure): JudgedFigure {
  const { value, bound } = figure;
  if (bound === undefined) return { ...figure, isOver: false };
  const ratio = bound.most === 0 ? {} : { ratio: value / bound.most };
  return { ...figure, ...ratio, isOver: !(value <= bound.most) };
}

/** Whether the run has failed: benchmarks are not timed tests, so a time never breaks it. */
export function breaksTheRun({ isOver, bound }: JudgedFigure): boolean {
  return isOver && bound?.kind !== 'time';
}
