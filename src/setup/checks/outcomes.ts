import type { SignInError } from '../../core/oauth/errors.ts';
import { commonEvidence } from '../commonEvidence.ts';
import { consoleUrlOf } from '../consolePages.ts';
import type { EvidenceText, Owner, ResultText } from '../check.ts';
import type { CheckResult, EvidenceValue } from '../checkResult.ts';
import type { SetupGuideId, StepId } from '../setupGuides.ts';
import { stepTitles } from '../setupGuides.ts';
import type { SetupInputs } from '../setupPorts.ts';
import type { Translator } from '../translator.ts';
import { defined } from '../../core/defined.ts';
import { checksOf, isProven } from './index.ts';
import type { CheckId } from './index.ts';
import { hasSentence, textOf } from './resultTexts.ts';

/** The outcome of a check, for programs: `manual` is a check that nothing runs for. */
export type OutcomeState = 'passed' | 'warning' | 'failed' | 'notVerified' | 'manual';

/** A check's outcome as plain data for a pipeline, without secrets. */
export interface CheckOutcome {
  readonly id: CheckId;
  readonly step: StepId;
  readonly stepTitle: string;
  readonly title: string;
  readonly owner: Owner;
  readonly state: OutcomeState;
  /** The reason, unless it simply passed; a stable identifier. */
  readonly reason?: string;
  readonly found?: string;
  readonly next?: string;
  /** The path in the console, and the page's address. */
  readonly console?: { readonly path?: string; readonly url?: string };
  readonly evidence: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: EvidenceValue;
  }[];
  readonly error?: OutcomeError;
}

/** The error that interrupted a check; `retryAt` is epoch milliseconds. */
export interface OutcomeError {
  readonly kind: string;
  readonly host?: string;
  readonly status?: number;
  readonly code?: string;
  readonly retryAt?: number;
}

/** Outcome states by result state. */
export const outcomeStates = {
  pass: 'passed',
  warning: 'warning',
  fail: 'failed',
  inconclusive: 'notVerified',
} as const;

/** The outcomes of a run, in guide order. */
export function outcomesOf(
  guide: SetupGuideId,
  results: ReadonlyMap<CheckId, CheckResult>,
  inputs: SetupInputs,
  l10n: Translator,
): readonly CheckOutcome[] {
  return checksOf[guide].flatMap((check): CheckOutcome[] => {
    const result = results.get(check.id);
    if (result === undefined) return [];
    const isManual = check.run === undefined;
    const { title, path: usualPath, evidence: names } = check.texts(l10n);
    const labels: Readonly<Record<string, EvidenceText>> = { ...commonEvidence(l10n), ...names };
    const { reason } = result;
    const url = consoleUrlOf(check, reason, inputs);
    const {
      found,
      next,
      path = usualPath,
    }: Partial<ResultText> = isManual || !hasSentence(check, result, l10n)
      ? {}
      : textOf(check, result, l10n, errorText);
    return [
      {
        id: check.id,
        step: check.step,
        stepTitle: stepTitles(l10n)[check.step],
        title,
        owner: check.owner,
        state: isManual
          ? isProven(check, (id) => results.get(id))
            ? 'passed'
            : 'manual'
          : outcomeStates[result.state],
        ...(isManual || reason === undefined ? {} : { reason }),
        ...defined({ found, next }),
        ...(path === undefined && url === undefined ? {} : { console: defined({ path, url }) }),
        evidence: result.evidence.map(({ name, value }) => {
          const label = labels[name] ?? name;
          return { name, label: typeof label === 'string' ? label : label.name, value };
        }),
        ...(result.error === undefined ? {} : { error: errorOf(result.error) }),
      },
    ];
  });
}

function errorOf({ kind, details: { host, status, code, retryAt } }: SignInError): OutcomeError {
  return { kind, ...defined({ host, status, code, retryAt }) };
}

/** An error's kind and host; a program that displays more has its own texts. */
function errorText({ kind, details: { host, status } }: SignInError) {
  const place = [host, status === undefined ? undefined : `HTTP ${status}`].filter(
    (part) => part !== undefined,
  );
  return { found: place.length === 0 ? `${kind}.` : `${kind} (${place.join(', ')}).` };
}
