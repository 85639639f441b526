/** A table of the page, with a name and a value in each row. */
export interface DetailsSection {
  readonly heading: string;
  readonly note?: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

/**
 * A page of tables: headings and row headers for a screen reader, colours of the theme, no script and no request. The
 * texts are put in as text, whatever is in them.
 */
export function detailsHtml(
  language: string,
  title: string,
  lead: string,
  sections: readonly DetailsSection[],
): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(lead)}</p>
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>`;
}

const style = `
body { padding: 1rem 2rem 3rem; line-height: 1.5; }
main { max-width: 60rem; }
h1 { font-size: 1.6em; font-weight: 600; overflow-wrap: anywhere; }
h2 { font-size: 1.2em; font-weight: 600; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0.35em 1em 0.35em 0; overflow-wrap: anywhere;
  border-bottom: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, currentColor)); }
th { font-weight: 400; width: 16rem; color: var(--vscode-descriptionForeground); }
td { font-family: var(--vscode-editor-font-family); }
body.vscode-high-contrast th, body.vscode-high-contrast-light th { color: inherit; }
`;

function sectionHtml({ heading, note, rows }: DetailsSection, index: number): string {
  const id = `section-${index}`;
  const notes = note === undefined ? '' : `<p>${escapeHtml(note)}</p>\n`;
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const table = rows.length === 0 ? '' : `<table aria-labelledby="${id}">\n${lines.join('\n')}\n</table>\n`;
  return `<section>\n<h2 id="${id}">${escapeHtml(heading)}</h2>\n${notes}${table}</section>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
