import type { CheckResult, CommonReason, EvidenceValue, EvidenceValues } from './checkResult.ts';
import type { CommonEvidence } from './commonEvidence.ts';
import type { Expiring } from './expirations.ts';
import type { ConsolePage } from './consolePages.ts';
import type { Lookups } from './lookups.ts';
import type { SetupGuideId, StepId } from './setupGuides.ts';
import type { InputName, SetupInputs, SetupPorts } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** Who can fix a step, in the order of a report. */
export const owners = [
  'oktaAdministrator',
  'awsAdministrator',
  'dnsAdministrator',
  'identityAdministrator',
  'you',
] as const;
/** Who has to act. */
export type Owner = (typeof owners)[number];

/** The meaning of a result, and the next step if there is one. */
export interface ResultText {
  readonly found: string;
  readonly next?: string;
  /** The value from `next` to enter in a console, which *Copy* copies. */
  readonly value?: string;
  /** The console path for `next`, if it differs from the check's. */
  readonly path?: string;
}

/** The texts of a reason; a function if they contain evidence. */
export type ReasonText = ResultText | ((result: CheckResult) => ResultText);

/** The name of a piece of evidence, with a formatter if its value is not displayed as it is. */
export type EvidenceText =
  string | { readonly name: string; readonly value: (value: EvidenceValue) => string };

/** All texts of one check. */
export interface CheckTexts {
  readonly title: string;
  /** Path in the console, in the console's words; absent if no console shows it. */
  readonly path?: string;
  /** Text for a pass, if the title alone would promise too much. */
  readonly passed?: ReasonText;
  /** Texts for every reason of `run`. */
  readonly results?: Readonly<Record<string, ReasonText>>;
  /** Names of the evidence of `run` that is not in `commonEvidence.ts`. */
  readonly evidence?: Readonly<Record<string, EvidenceText>>;
}

/** The reasons for which there are texts. */
export type ReasonIn<Texts> = Texts extends { readonly results?: infer All }
  ? keyof NonNullable<All> & string
  : never;
type EvidenceIn<Texts> = Texts extends { readonly evidence?: infer All }
  ? keyof NonNullable<All> & string
  : never;

/** The definition of a check; one without `run` is verified manually. */
export interface CheckRow<
  Id extends string = string,
  After extends string = string,
  Texts extends CheckTexts = CheckTexts,
> {
  readonly id: Id;
  /** Its step in each guide, at most one per guide. */
  readonly steps: readonly StepId[];
  readonly owner: Owner;
  /** The expiration that it observes, and the evidence with its time, the first that there is. Users are reminded of it. */
  readonly expires?: {
    readonly what: Expiring;
    readonly at: EvidenceIn<Texts> | readonly EvidenceIn<Texts>[];
  };
  /** Required inputs; without one of them, the result is inconclusive. */
  readonly needs: readonly InputName[];
  /** Checks that must pass before it runs, so one mistake fails only one check. */
  readonly after?: readonly After[];
  /** Checks whose failure skips it, since it would report the same problem again. */
  readonly unlessFailed?: readonly After[];
  /** Failures of `after` checks that do not affect this one, so that it runs and one run shows both mistakes. */
  readonly despite?: Readonly<Partial<Record<After, readonly string[]>>>;
  /** For a manual check: the checks whose pass makes it unnecessary. */
  readonly provenBy?: readonly After[];
  /** Waits for the user in the browser, so it has no timeout of its own. */
  readonly waitsForPerson?: true;
  readonly run?: (
    context: CheckContext,
  ) => Promise<CheckResult<ReasonIn<Texts> | CommonReason, EvidenceIn<Texts> | CommonEvidence>>;
  /** The mistake that shows although an earlier check did not pass, for example from the inputs alone; undefined if none does. */
  readonly beforehand?: (
    context: CheckContext,
  ) => Promise<CheckResult<ReasonIn<Texts> | CommonReason, EvidenceIn<Texts> | CommonEvidence> | undefined>;
  /** The console page where it is fixed, if that has an address. */
  readonly page?: ConsolePage;
  /** The page for a reason that is fixed elsewhere. */
  readonly pages?: Readonly<Partial<Record<ReasonIn<Texts>, ConsolePage>>>;
  /** Values for comparison in a manual check. */
  readonly compare?: (inputs: SetupInputs) => EvidenceValues<CommonEvidence>;
  readonly texts: (l10n: Translator, guide: SetupGuideId) => Texts;
}

/** Defines a check; a reason or a piece of evidence of `run` without a text does not compile. */
export function defineCheck<
  const Id extends string,
  Texts extends CheckTexts,
  const After extends string = never,
>(row: CheckRow<Id, After, Texts>): CheckRow<Id, After, Texts> {
  return row;
}

/** Time before the expiration of a certificate or token at which a check begins to warn. */
export const noticeMilliseconds = 30 * 24 * 3600 * 1000;

/** The dependencies of a check. */
export interface CheckContext {
  readonly ports: SetupPorts;
  readonly inputs: SetupInputs;
  /** Lookups shared by several checks, each requested once per run. */
  readonly lookups: Lookups;
  readonly signal: AbortSignal;
}
