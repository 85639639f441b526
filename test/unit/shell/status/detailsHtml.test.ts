import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailsHtml } from '../../../../src/shell/status/detailsHtml.ts';
import { anyString } from '../../fakes/anyString.ts';

const empty = detailsHtml('en', '', '', [{ heading: '', note: '', rows: [['', '']] }]);
const tags = (html: string) => html.match(/<[^>]*>/g);

describe('detailsHtml', () => {
  test('shows text as text, whatever a server sent', () => {
    const text = fc.oneof(
      anyString(20),
      fc.constantFrom('<script>', '"><b onclick=x>', '</style>', '&lt;', "'"),
    );
    fc.assert(
      fc.property(text, text, text, (one, two, three) => {
        const html = detailsHtml('en', one, two, [{ heading: three, note: one, rows: [[two, three]] }]);
        expect(tags(html)).toEqual(tags(empty));
      }),
    );
  });

  test("shows values in the page's font: “Yes” and dates are not code, and addresses do not wrap", () => {
    expect(empty).not.toMatch(/editor-font|monospace/);
  });

  test('runs no script, loads nothing, and declares its language and its rows', () => {
    const html = detailsHtml('de', 'ana@example.com', 'Signed in.', [
      { heading: 'Claims', rows: [['iss', 'x']] },
    ]);
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<table aria-labelledby="section-0">');
    expect(html).toContain('<th scope="row">iss</th><td>x</td>');
    expect(html).not.toContain('<script');
  });
});
