import { markup, pageHtml } from '../ui/html.ts';
import type { Html } from '../ui/html.ts';

/** A table of the page, with a name and a value in each row. */
export interface DetailsSection {
  readonly heading: string;
  readonly note?: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/**
 * A page of tables, with headings and row headers for screen readers, in the theme's colors, without scripts or
 * requests.
 */
export function detailsHtml(
  language: string,
  title: string,
  lead: string,
  sections: readonly DetailsSection[],
): string {
  const body = markup`<main>
<h1>${title}</h1>
<p>${lead}</p>
${sections.map(sectionHtml)}
</main>`;
  return pageHtml(language, title, style, body);
}

const style = markup`
body { padding: 1rem 2rem 3rem; line-height: 1.5; }
main { max-width: 60rem; }
h1 { font-size: 1.6em; font-weight: 600; overflow-wrap: anywhere; }
h2 { font-size: 1.2em; font-weight: 600; margin-top: 2em; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0.35em 1em 0.35em 0; overflow-wrap: anywhere;
  border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, currentColor)); }
th { font-weight: 400; width: 30%; color: var(--vscode-descriptionForeground); }
body.vscode-high-contrast th, body.vscode-high-contrast-light th { color: inherit; }
`;

function sectionHtml({ heading, note, rows }: DetailsSection, index: number): Html {
  const id = `section-${index}`;
  const notes = note === undefined ? markup`` : markup`<p>${note}</p>\n`;
  const lines = rows.map(([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  const table = rows.length === 0 ? markup`` : markup`<table aria-labelledby="${id}">\n${lines}\n</table>\n`;
  return markup`<section>\n<h2 id="${id}">${heading}</h2>\n${notes}${table}</section>`;
}
