import type { CheckOutcome, OutcomeState } from '../setup/checks/outcomes.ts';
import type { SetupGuideId } from '../setup/setupGuides.ts';

/** What the program prints as JSON; `version` changes when a member goes or means something else. */
export interface SetupReport {
  readonly version: 1;
  readonly guide: SetupGuideId;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly summary: Readonly<Record<OutcomeState, number>>;
  readonly checks: readonly CheckOutcome[];
}

/** The report of a run that ended at `finishedAt`, epoch milliseconds. */
export function reportOf(
  guide: SetupGuideId,
  checks: readonly CheckOutcome[],
  finishedAt: number,
): SetupReport {
  const count = (state: OutcomeState): number => checks.filter((one) => one.state === state).length;
  return {
    version: 1,
    guide,
    finishedAt: new Date(finishedAt).toISOString(),
    summary: {
      failed: count('failed'),
      warning: count('warning'),
      notVerified: count('notVerified'),
      manual: count('manual'),
      passed: count('passed'),
    },
    checks,
  };
}

const words: Readonly<Record<OutcomeState, string>> = {
  failed: 'Failed',
  warning: 'Warning',
  notVerified: 'Not verified',
  manual: 'Verify manually',
  passed: 'Passed',
};

/** The report in lines for a log, what is to fix first. */
export function reportLines({ summary, checks }: SetupReport): string {
  const order = Object.keys(words) as OutcomeState[];
  const lines = order.flatMap((state) =>
    checks
      .filter((one) => one.state === state)
      .flatMap(({ id, title, found, next, console: place }) => [
        `${words[state]}: ${title} [${id}]`,
        ...[found, next, state === 'passed' ? undefined : place?.url].flatMap((line) =>
          line === undefined ? [] : [`    ${line}`],
        ),
      ]),
  );
  const counts = order.map((state) => `${summary[state]} ${words[state].toLowerCase()}`).join(', ');
  return `${[...lines, counts].join('\n')}\n`;
}

/** 0 where nothing failed, else 1; `isStrict` wants everything verified that is not manual. */
export function exitCodeOf({ summary }: SetupReport, isStrict: boolean): number {
  return summary.failed > 0 || (isStrict && summary.notVerified > 0) ? 1 : 0;
}
