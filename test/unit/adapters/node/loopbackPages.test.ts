import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loopbackPage, pageHeaders } from '../../../../src/adapters/node/loopbackPages.ts';
import type { LoopbackPageName } from '../../../../src/adapters/node/loopbackPages.ts';
import { loopbackPageTexts } from '../../fakes/loopbackPageTexts.ts';

const names: readonly LoopbackPageName[] = ['signedIn', 'failed', 'notThisSignIn', 'notHere'];

describe.each(names)('loopbackPage: the page %s', (name) => {
  const page = loopbackPage(name, loopbackPageTexts);

  test('has its texts in its language', () => {
    expect(page).toContain('<html lang="en">');
    expect(page).toContain(`<h1>${name} title</h1>`);
    expect(page).toContain(`<p>${name} text</p>`);
  });

  test('loads and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|\son\w+=|style="|https?:|url\(/i);
  });

  test('has only the style that its CSP allows', () => {
    const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style ?? '');
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256').update(styles.join('')).digest('base64');
    expect(pageHeaders['Content-Security-Policy']).toContain(`style-src 'sha256-${hash}'`);
  });

  test('escapes its texts, which a translation may fill with anything', () => {
    const odd = `<img src=x onerror="alert('1')"> & more`;
    const words = {
      language: '"><script>',
      productName: odd,
      pages: { ...loopbackPageTexts.pages, [name]: { title: odd, text: odd } },
    };
    const escaped = loopbackPage(name, words);
    expect(escaped).not.toMatch(/<img|<script|onerror="/);
    expect(escaped).toContain('&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62; &#38; more');
  });
});

test('the headers forbid everything that a page does not need', () => {
  expect(pageHeaders).toMatchObject({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  const policy = pageHeaders['Content-Security-Policy'] ?? '';
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(policy).not.toMatch(/unsafe|script-src|\*/);
});
