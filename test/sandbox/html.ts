/** Markup that is safe to send; only `html` creates it. */
export interface Html {
  readonly markup: string;
}

type Interpolated = string | number | Html | readonly Html[];

/** Markup from a template: escapes interpolated strings and numbers, and inserts other markup as is. */
export function html(template: TemplateStringsArray, ...values: readonly Interpolated[]): Html {
  const parts = template.map((text, index) => {
    const value = values[index];
    return value === undefined ? text : text + markupOf(value);
  });
  return { markup: parts.join('') };
}

/** Escapes text for an element's content or a quoted attribute. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function markupOf(value: Interpolated): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('\n');
}
