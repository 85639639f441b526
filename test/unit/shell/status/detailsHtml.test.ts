import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailsHtml } from '../../../../src/shell/status/detailsHtml.ts';
import { anyString } from '../../fakes/anyString.ts';

const empty = detailsHtml('en', '', '', [{ heading: '', note: '', rows: [['', '']] }]);
const tags = (html: string) => html.match(/<[^>]*>/g);

describe('detailsHtml', () => {
  test('a page has its texts as text, whatever a server put in them', () => {
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

  test('a value is in the font of the page: “Yes” and dates are not code, and an address is not broken for its width', () => {
    expect(empty).not.toMatch(/editor-font|monospace/);
  });

  test('a page runs no script, loads nothing, and names its language and its rows', () => {
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
