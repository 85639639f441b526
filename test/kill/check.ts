/** One assertion of the kill test, with the observed value. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly seen: string;
}

export function check(name: string, ok: boolean, seen: string | number = ''): Check {
  return { name, ok, seen: String(seen) };
}

/** An independent part of the kill test: a round with many processes, or a separate step. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<PartResult>;
}

/** `figures` are for the table and for `dist/kill.json`. */
export interface PartResult {
  readonly checks: readonly Check[];
  readonly figures: Readonly<Record<string, unknown>>;
}
