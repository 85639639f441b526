import { escapeHtml } from '../../features/html.ts';
import { plainLines } from './plainText.ts';

/** HTML written by this extension; foreign text enters it only through {@link markup}. */
export interface Html {
  readonly html: string;
}

/** A template for HTML: escapes each value, unless it is {@link Html}. */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return { html: parts.reduce((done, part, index) => done + drawn(values[index - 1] ?? '') + part) };
}

/** A complete page in the theme's colors, without scripts or requests. */
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
