import { env, l10n } from 'vscode';
import type { EvidenceText, Owner, ResultText } from '../../setup/check.ts';
import type { CheckResult, Evidence, ResultState } from '../../setup/checkResult.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import type { Check } from '../../setup/checks/index.ts';
import { hasSentence, textOf } from '../../setup/checks/resultTexts.ts';
import { commonEvidence } from '../../setup/commonEvidence.ts';
import { countsText as countsIn } from '../../setup/countsText.ts';
import { ownerName as ownerIn } from '../../setup/ownerName.ts';
import { guideTitles, stepTitles } from '../../setup/setupGuides.ts';
import type { SetupGuideId, StepId } from '../../setup/setupGuides.ts';
import { errorMessage } from '../errorMessages.ts';
import { joinSentences } from '../../output/joinSentences.ts';

/** A piece of evidence for display: its name, and its values. */
export interface EvidenceLine {
  readonly name: string;
  readonly values: readonly string[];
}

/** The title of a setup guide. */
export function guideTitle(guide: SetupGuideId): string {
  return guideTitles(l10n)[guide];
}

/** The heading of a step, as in the guide. */
export function stepTitle(step: StepId): string {
  return stepTitles(l10n)[step];
}

/** The title of a check. */
export function checkTitle({ texts }: Check): string {
  return texts(l10n).title;
}

/** The console path of a check, in the console's words; undefined if no console has it. */
export function consolePath({ texts }: Check): string | undefined {
  return texts(l10n).path;
}

/** The texts of a check's result. */
export function resultText(check: Check, result: CheckResult): ResultText {
  return textOf(check, result, { ...l10n, language: env.language }, errorText);
}

/** Whether a result has a text of its own, beyond the name of its state. */
export function isExplained(check: Check, result: CheckResult): boolean {
  return hasSentence(check, result, l10n);
}

/** A piece of evidence for display; undefined if the result's texts already contain it. */
export function evidenceLine({ texts }: Check, { name, value }: Evidence): EvidenceLine | undefined {
  const names: Readonly<Record<string, EvidenceText>> = {
    ...commonEvidence(l10n),
    ...texts(l10n).evidence,
  };
  const text = names[name];
  if (text === undefined) return undefined;
  const shown = typeof text === 'string' ? valueText(name, value) : text.value(value);
  return {
    name: typeof text === 'string' ? text : text.name,
    values: typeof value === 'object' ? value : [shown],
  };
}

function valueText(name: string, value: Evidence['value']): string {
  return name.endsWith('At') && typeof value === 'number' ? dateTimeText(value) : String(value);
}

/** Date and time, formatted for display. */
export function dateTimeText(moment: number): string {
  return new Date(moment).toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The display name of a result's state. */
export function stateWord(state: ResultState): string {
  const words: Readonly<Record<ResultState, string>> = {
    pass: l10n.t('Passed'),
    warning: l10n.t('Warning'),
    fail: l10n.t('Failed'),
    inconclusive: l10n.t('Not verified'),
  };
  return words[state];
}

/** The counts of checks by state, in a line; omits states without checks. */
export function countsText(
  counts: Readonly<Record<ResultState, number>>,
  manual?: number,
  verifiedManually?: number,
): string {
  return countsIn(l10n, counts, manual, verifiedManually);
}

/** The display name of an owner. */
export function ownerName(owner: Owner): string {
  return ownerIn(l10n, owner);
}

/** The texts of an error that interrupted a check. */
function errorText(error: SignInError): ResultText {
  const { title, cause, next } = errorMessage(error);
  return { found: joinSentences(title, cause), next };
}
