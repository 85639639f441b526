import type { SignInError } from '../../core/oauth/errors.ts';
import { escapeHtml } from '../../features/html.ts';
import { createHash } from 'node:crypto';

/** The pages that the loopback listener serves. */
export type LoopbackPageName = 'signedIn' | 'failed' | 'notThisSignIn' | 'notHere';

/** The texts of the pages, in the user's language. */
export interface LoopbackPageTexts {
  /** A BCP 47 tag such as `en` or `de`. */
  readonly language: string;
  readonly productName: string;
  readonly pages: Readonly<Record<LoopbackPageName, { readonly title: string; readonly text: string }>>;
  /** The reason for a failure, in one sentence. */
  readonly why?: (error: SignInError) => string;
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #f6f8fa; --card: #fff; --line: #d1d9e0; --good: #1a7f37; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --soft: #a8b3bf; --paper: #0d1117; --card: #161b22; --line: #30363d; --good: #4ac26b; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: min(30rem, 100%); padding: 2.5rem 2rem; text-align: center; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
svg { width: 56px; height: 56px; fill: none; stroke-width: 3.5; stroke-linecap: round; stroke-linejoin: round; }
.good { stroke: var(--good); } .bad { stroke: var(--bad); } .plain { stroke: var(--soft); }
h1 { margin: 1rem 0 .5rem; font-size: 1.375rem; line-height: 1.3; }
p { margin: 0; color: var(--soft); text-wrap: balance; word-break: auto-phrase; }
p.why { margin-bottom: .75rem; color: var(--ink); overflow-wrap: anywhere; }
footer { margin-top: 1.75rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--soft); }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/**
 * Headers of every response: no caching, no referrer, no framing, no sniffing, no scripts, and nothing for other
 * sites, which could otherwise see that a sign-in is under way (Fetch, 3.7).
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

const icons: Readonly<Record<LoopbackPageName, string>> = {
  signedIn:
    '<svg class="good" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="25"/><path d="M17 29l8 8 15-17"/></svg>',
  failed:
    '<svg class="bad" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="25"/><path d="M20 20l16 16M36 20L20 36"/></svg>',
  notThisSignIn:
    '<svg class="plain" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="25"/><path d="M28 15v14l9 6"/></svg>',
  notHere:
    '<svg class="plain" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="25"/><path d="M19 28h18"/></svg>',
};

/** An HTML page. `why` is one of our own sentences, on a separate line; no text of a caller is on it. */
export function loopbackPage(name: LoopbackPageName, texts: LoopbackPageTexts, why?: string): string {
  const { title, text } = texts.pages[name];
  return `<!doctype html>
<html lang="${escapeHtml(texts.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - ${escapeHtml(texts.productName)}</title>
<style>${style}</style>
</head>
<body>
<main>
${icons[name]}
<h1>${escapeHtml(title)}</h1>
${why === undefined ? '' : `<p class="why">${escapeHtml(why)}</p>\n`}<p>${escapeHtml(text)}</p>
<footer>${escapeHtml(texts.productName)}</footer>
</main>
</body>
</html>
`;
}
