import { env, l10n } from 'vscode';
import type { Check } from '../../setup/checks/index.ts';
import { steps } from '../../setup/setupGuides.ts';
import type { SetupRun } from './setupRun.ts';
import type { Ticks } from './setupTree.ts';
import {
  checkTitle,
  consolePath,
  evidenceLine,
  ownerName,
  resultText,
  stateWord,
  stepTitle,
  guideTitle,
} from './checkTexts.ts';
import { codeSpan, reportSentence } from '../ui/reportText.ts';

/** The findings as Markdown, for the colleague who owns the other console. No secret is in them, so none is in here. */
export function setupReport(run: SetupRun, ticks: Ticks): string {
  const { pass, warning, fail, inconclusive } = run.counts();
  const manual = run.checks.filter((check) => check.run === undefined).length;
  const moment = new Date(run.finishedAt ?? Date.now());
  const lines = [
    `# ${l10n.t('Check of the setup: {0}', guideTitle(run.document))}`,
    '',
    `${reportSentence(run.subject)}, ${moment.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' })}`,
    '',
    l10n.t(
      '{0} wrong, {1} right, {2} not known, {3} to look at by eye.',
      fail,
      pass + warning,
      inconclusive - manual,
      manual,
    ),
    '',
    ...steps[run.document].flatMap((step, index) => [
      `## ${index + 1}. ${stepTitle(step)}`,
      '',
      ...run.checksAt(step).flatMap((check) => checkLines(run, ticks, check)),
      '',
    ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function checkLines(run: SetupRun, ticks: Ticks, check: Check): string[] {
  const title = checkTitle(check);
  const path = consolePath(check);
  const where = path === undefined ? [] : [`  - ${ownerName(check.owner)}: ${path}`];
  const finding = run.findingOf(check.id);
  const evidence = (finding?.evidence ?? []).flatMap((one) => {
    const words = evidenceLine(check, one);
    return words === undefined
      ? []
      : [`  - ${words.name}: ${words.values.map((value) => codeSpan(value)).join(', ')}`];
  });
  if (check.run === undefined)
    return [`- [${ticks.has(check.id) ? 'x' : ' '}] ${title}`, ...where, ...evidence];
  if (finding === undefined) return [`- ${title}: ${l10n.t('not checked')}`];
  const { found, next } = resultText(check, finding);
  const word = stateWord(finding.state);
  if (finding.state === 'pass') return [`- ${title}: **${word}**`, ...evidence];
  return [
    `- ${title}: **${word}**. ${reportSentence(found)}`,
    ...(next === undefined || next === '' ? [] : [`  - ${reportSentence(next)}`]),
    ...where,
    ...evidence,
  ];
}
