import { env, l10n, window, workspace } from 'vscode';
import type { ShellContext } from '../context.ts';
import { diagnosticsReport } from './diagnosticsReport.ts';
import { terminalsData } from './terminalsData.ts';
import { reportError } from '../ui/reportError.ts';
import { showInformation } from '../ui/messages.ts';

/** *Copy Diagnostics*: copies a report for an issue, and offers to show it. */
export async function copyDiagnostics(context: ShellContext): Promise<void> {
  try {
    const data = await context.diagnosticsData();
    const report = diagnosticsReport(data, await terminalsData(context, data.sessions));
    await env.clipboard.writeText(report);
    void showCopied(report);
  } catch (error) {
    await reportError(error);
  }
}

async function showCopied(report: string): Promise<void> {
  const read = l10n.t('Open');
  const chosen = await showInformation(l10n.t('Diagnostics copied to clipboard.'), read);
  if (chosen !== read) return;
  const document = await workspace.openTextDocument({ language: 'markdown', content: report });
  await window.showTextDocument(document);
}
