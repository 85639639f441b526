import { escapeHtml } from '../../features/html.ts';
import { plainLines } from './plainText.ts';

/** HTML that this product wrote; text gets in by {@link markup} alone. */
export interface Html {
  readonly html: string;
}

/** HTML from a template: each value is put in as text, whatever is in it, unless it is HTML of this product's own. */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return { html: parts.reduce((done, part, index) => done + drawn(values[index - 1] ?? '') + part) };
}

/** A whole page: no script, no request, colors of the theme. */
export function pageHtml(language: string, title: string, style: Html, body: Html): string {
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>`.html;
}

function drawn(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(plainLines(value));
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((one) => one.html).join('\n');
}
