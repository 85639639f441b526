/** One thing that the kill test holds true, and what was seen. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly seen: string;
}

export function check(name: string, ok: boolean, seen: string | number = ''): Check {
  return { name, ok, seen: String(seen) };
}

/** A part of the kill test, which stands alone: a round of many processes, or a step of its own. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<PartResult>;
}

/** `figures` are for the table and for `dist/kill.json`. */
export interface PartResult {
  readonly checks: readonly Check[];
  readonly figures: Readonly<Record<string, unknown>>;
}
