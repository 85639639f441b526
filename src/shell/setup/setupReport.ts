import { env, l10n } from 'vscode';
import { unchangedText } from './setupChanges.ts';
import type { SetupRun } from './setupRun.ts';
import { reportSections, summaryOf } from './setupSections.ts';
import type { ReportItem } from './setupSections.ts';
import type { Ticks } from './setupSections.ts';
import { guideTitle } from './checkTexts.ts';
import { codeSpan, reportSentence } from '../ui/reportText.ts';

/**
 * The results as Markdown, for the colleague who owns the other console: fixes first, by owner. Contains no
 * secrets, since results have none.
 */
export function setupReport(run: SetupRun, ticks: Ticks): string {
  const moment = new Date(run.finishedAt ?? Date.now());
  const unchanged = unchangedText(run);
  const lines = [
    `# ${l10n.t('SSO setup: {0}', guideTitle(run.document))}`,
    '',
    `${reportSentence(run.subject)}, ${moment.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' })}`,
    '',
    summaryOf(run, ticks),
    '',
    ...(unchanged === undefined ? [] : [unchanged, '']),
    ...reportSections(run, ticks).flatMap(({ heading, notes = [], items }) => [
      `## ${reportSentence(heading)}`,
      '',
      ...notes.map((note) => `- ${reportSentence(note)}`),
      ...items.flatMap(itemLines),
      '',
    ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function itemLines({
  title,
  step,
  state,
  isTicked,
  found,
  next,
  owner,
  path,
  url,
  evidence,
}: ReportItem): string[] {
  const where = path === undefined ? [] : [`  - ${owner}: ${path}${url === undefined ? '' : ` <${url}>`}`];
  const shown = evidence.map(
    ({ name, values }) => `  - ${name}: ${values.map((value) => codeSpan(value)).join(', ')}`,
  );
  if (isTicked !== undefined) return [`- [${isTicked ? 'x' : ' '}] ${title} (${step})`, ...where, ...shown];
  const head = `- ${title} (${step}): **${state ?? ''}**`;
  if (found === undefined) return [head, ...shown];
  return [
    `${head}. ${reportSentence(found)}`,
    ...(next === undefined ? [] : [`  - ${reportSentence(next)}`]),
    ...where,
    ...shown,
  ];
}
