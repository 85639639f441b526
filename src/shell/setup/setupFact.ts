import type { EvidenceName, CheckResult } from '../../setup/checkResult.ts';

/** A finding in words: what was found, and what to do next where something is to be done. */
export interface FindingWords {
  readonly found: string;
  readonly next?: string;
}

/** The words of each reason, which may name facts of the finding. */
export type ReasonWords<T extends string> = Readonly<Record<T, (finding: CheckResult) => FindingWords>>;

/** One fact of a finding as text, for a sentence. */
export function fact(finding: CheckResult, name: EvidenceName): string {
  return values(finding, name).join(', ');
}

/** How many values a fact of a finding has. */
export function count(finding: CheckResult, name: EvidenceName): number {
  return values(finding, name).length;
}

function values({ evidence }: CheckResult, name: EvidenceName): readonly string[] {
  const value = evidence.find((one) => one.name === name)?.value;
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}
