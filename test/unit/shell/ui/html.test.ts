import { describe, expect, test } from 'vitest';
import { markup, pageHtml } from '../../../../src/shell/ui/html.ts';

describe('markup', () => {
  test('inserts text as text, and our own HTML unchanged', () => {
    const own = markup`<b>${1}</b>`;
    expect(markup`<p>${'<i>'} ${own} ${[own, own]}</p>`.html).toBe(
      '<p>&#60;i&#62; <b>1</b> <b>1</b>\n<b>1</b></p>',
    );
  });
});

describe('pageHtml', () => {
  test('allows neither scripts nor requests', () => {
    const html = pageHtml('en', '"Title"', markup`p {}`, markup`<p></p>`);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain('<title>"Title"</title>');
  });
});
