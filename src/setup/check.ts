import type { CheckResult, CommonReason, EvidenceValue, EvidenceValues } from './checkResult.ts';
import type { CommonEvidence } from './commonEvidence.ts';
import type { Expiring } from './expirations.ts';
import type { ConsolePage } from './consolePages.ts';
import type { Lookups } from './lookups.ts';
import type { SetupGuideId, StepId } from './setupGuides.ts';
import type { InputName, SetupInputs, SetupPorts } from './setupPorts.ts';
import type { Translator } from './translator.ts';

/** Who can put a step right, in the order of a report. */
export const owners = [
  'oktaAdministrator',
  'awsAdministrator',
  'dnsAdministrator',
  'identityAdministrator',
  'you',
] as const;
/** Who has to act. */
export type Owner = (typeof owners)[number];

/** What was found, and what to do next where something is to be done. */
export interface ResultText {
  readonly found: string;
  readonly next?: string;
  /** The value that `next` names, where it is to be entered in a console: what *Copy* takes of that line. */
  readonly value?: string;
  /** Where to click for `next`, where that is another place than the check's. */
  readonly path?: string;
}

/** The sentences of a reason; a function where they name evidence. */
export type ReasonText = ResultText | ((result: CheckResult) => ResultText);

/** The name of a piece of evidence, and where its value is not shown as it is, what is shown. */
export type EvidenceText =
  string | { readonly name: string; readonly value: (value: EvidenceValue) => string };

/** All that people read of one check. */
export interface CheckTexts {
  readonly title: string;
  /** Where to click, in the words of the console; absent where no console has it. */
  readonly path?: string;
  /** What it has shown where it passes, when its title alone would be read as more. */
  readonly passed?: ReasonText;
  /** Sentences for every reason of `run`. */
  readonly results?: Readonly<Record<string, ReasonText>>;
  /** Names for all evidence of `run` that is not in `commonEvidence.ts`. */
  readonly evidence?: Readonly<Record<string, EvidenceText>>;
}

/** The reasons that texts have sentences for. */
export type ReasonIn<Texts> = Texts extends { readonly results?: infer All }
  ? keyof NonNullable<All> & string
  : never;
type EvidenceIn<Texts> = Texts extends { readonly evidence?: infer All }
  ? keyof NonNullable<All> & string
  : never;

/** One check as it is described, in one place; a check without `run` is a line of the checklist that a person ticks. */
export interface CheckRow<
  Id extends string = string,
  After extends string = string,
  Texts extends CheckTexts = CheckTexts,
> {
  readonly id: Id;
  /** Where it stands: at most one step of each guide. */
  readonly steps: readonly StepId[];
  readonly owner: Owner;
  /** What it sees the end of: the name of that moment in its evidence. People are reminded of it. */
  readonly expires?: { readonly what: Expiring; readonly at: EvidenceIn<Texts> };
  /** What it cannot do without; where one is missing, the result is inconclusive. */
  readonly needs: readonly InputName[];
  /** It runs only when these passed, so that one mistake fails one check, not five. */
  readonly after?: readonly After[];
  /** It is skipped where one of these failed, since it would report the same problem again. */
  readonly unlessFailed?: readonly After[];
  /** Failures of these that leave what it looks at as it is: it runs all the same, so that one run shows both mistakes. */
  readonly despite?: Readonly<Partial<Record<After, readonly string[]>>>;
  /** Without `run`: the checks that show it, so that a person need not look where they passed. */
  readonly provenBy?: readonly After[];
  /** It waits for a person in the browser, and so has no time-out of its own. */
  readonly waitsForPerson?: true;
  readonly run?: (
    context: CheckContext,
  ) => Promise<CheckResult<ReasonIn<Texts> | CommonReason, EvidenceIn<Texts> | CommonEvidence>>;
  /** The page of the console where it is put right, where that has an address. */
  readonly page?: ConsolePage;
  /** What a person who looks at it compares it with. */
  readonly compare?: (inputs: SetupInputs) => EvidenceValues<CommonEvidence>;
  readonly texts: (l10n: Translator, guide: SetupGuideId) => Texts;
}

/** Describes a check; a reason or a piece of evidence of `run` for which `texts` has no words does not compile. */
export function defineCheck<
  const Id extends string,
  Texts extends CheckTexts,
  const After extends string = never,
>(row: CheckRow<Id, After, Texts>): CheckRow<Id, After, Texts> {
  return row;
}

/** How long before its end a certificate or token is warned of. */
export const noticeMilliseconds = 30 * 24 * 3600 * 1000;

/** What a check stands on. */
export interface CheckContext {
  readonly ports: SetupPorts;
  readonly inputs: SetupInputs;
  /** What several checks want to know, asked once a run. */
  readonly lookups: Lookups;
  readonly signal: AbortSignal;
}
