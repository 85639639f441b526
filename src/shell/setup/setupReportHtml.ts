import { env, l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { connectionLink } from '../../features/connectionLink.ts';
import type { Owner } from '../../setup/check.ts';
import { unchangedText } from './setupChanges.ts';
import type { SetupRun } from './setupRun.ts';
import { ownerSummary, reportSections, summaryOf } from './setupSections.ts';
import type { ReportItem, ReportSection } from './setupSections.ts';
import type { Ticks } from './setupSections.ts';
import { guideTitle } from './checkTexts.ts';
import { markup, pageHtml } from '../ui/html.ts';
import type { Html } from '../ui/html.ts';

/**
 * The results as one page for a browser, without scripts, requests or secrets. With `only`, the steps of one
 * owner, and how to check them again.
 */
export function setupReportHtml(run: SetupRun, ticks: Ticks, only?: Owner): string {
  const moment = new Date(run.finishedAt ?? Date.now());
  const title = l10n.t('SSO setup: {0}', guideTitle(run.document));
  const unchanged = unchangedText(run);
  const sections = reportSections(run, ticks, only);
  const link = run.connection === undefined ? undefined : linkTo(run.connection);
  const body = markup`<main>
<h1>${title}</h1>
<p>${run.subject}, ${moment.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' })}</p>
${only === undefined ? markup`<p>${summaryOf(run, ticks)}</p>` : ownerHtml(run, ticks, only)}
${unchanged === undefined || only !== undefined ? markup`` : markup`<p>${unchanged}</p>`}
${sections.map((section) => sectionHtml(section, only))}
${link === undefined ? markup`` : againHtml(link)}
</main>`;
  return pageHtml(env.language, title, style, body);
}

/** A link to repeat the checks; undefined if links do not allow the connection, such as a server without https. */
function linkTo(connection: Connection): string | undefined {
  try {
    return connectionLink(env.uriScheme, connection);
  } catch (error) {
    if (error instanceof SignInError) return undefined;
    throw error;
  }
}

function againHtml(link: string): Html {
  return markup`<section>
<h2>${l10n.t('Check Again')}</h2>
<p>${l10n.t('Install Developer Sign-In, open this link in your editor, and run Check SSO Setup.')}</p>
<p><a href="${link}">${link}</a></p>
</section>`;
}

function ownerHtml(run: SetupRun, ticks: Ticks, owner: Owner): Html {
  const { counts, hasToFix } = ownerSummary(run, ticks, owner);
  return markup`<p>${l10n.t('This page contains only your steps.')}</p>
${hasToFix ? [] : [markup`<p>${l10n.t('Nothing was found for you to fix.')}</p>`]}
<p>${counts}</p>`;
}

function sectionHtml({ heading, notes = [], items }: ReportSection, only: Owner | undefined): Html {
  return markup`<section>
<h2>${heading}</h2>
${notes.map((note) => markup`<p>${note}</p>`)}
${items.map((item) => itemHtml(item, only))}
</section>`;
}

function itemHtml(item: ReportItem, only: Owner | undefined): Html {
  const { title, step, state, isTicked, found, next, owner, path, url, evidence } = item;
  const mark = isTicked === undefined ? (state ?? '') : isTicked ? '☑' : '☐';
  const where = path === undefined ? [] : [whereHtml(only === undefined ? `${owner}: ` : '', path, url)];
  const rows = evidence.map(
    ({ name, values }) =>
      markup`<tr><th scope="row">${name}</th><td>${values.map((value) => markup`<div>${value}</div>`)}</td></tr>`,
  );
  return markup`<article>
<h3>${title} <small>${mark} · ${step}</small></h3>
${found === undefined ? [] : [markup`<p>${found}</p>`]}
${next === undefined ? [] : [markup`<p>${next}</p>`]}
${where}
${rows.length === 0 ? [] : [markup`<table>${rows}</table>`]}
</article>`;
}

/** The console path; a page for one administrator omits the owner. */
function whereHtml(owner: string, path: string, url: string | undefined): Html {
  return url === undefined
    ? markup`<p>${owner}${path}</p>`
    : markup`<p>${owner}<a href="${url}" rel="noreferrer">${path}</a></p>`;
}

const style = markup`
:root { color-scheme: light dark; }
@media print { :root { color-scheme: light; } }
body { margin: 0; padding: 2rem; background: Canvas; color: CanvasText; line-height: 1.5; font-family: system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 0; }
small { font-weight: 400; }
p { margin: 0.25rem 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin-top: 0.5rem; }
th, td { text-align: start; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; overflow-wrap: anywhere; }
th { font-weight: 400; min-width: 12rem; } td { font-family: ui-monospace, monospace; }
`;
