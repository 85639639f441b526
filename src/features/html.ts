/** Nothing that is shown is as long. UTF-16 units. */
const longest = 100_000;

/** Text as HTML that draws as this text, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .slice(0, longest)
    .replaceAll('&', '&#38;')
    .replaceAll('<', '&#60;')
    .replaceAll('>', '&#62;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;')
    .replaceAll('`', '&#96;');
}
