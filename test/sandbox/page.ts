import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, type Html } from './html.ts';

/**
 * The fields *Username* and *Password* of a sign-in form. Focuses the first field that needs input.
 * @param username a hint, or the previous input after a wrong password
 */
export function signInFields(username = ''): Html {
  const [atUsername, atPassword] = username === '' ? [html`autofocus`, html``] : [html``, html`autofocus`];
  return html`
    <label
      >Username
      <input
        name="username"
        value="${username}"
        type="text"
        required
        ${atUsername}
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
    /></label>
    <label
      >Password <input type="password" name="password" required ${atPassword} autocomplete="current-password"
    /></label>
  `;
}

/** An identity provider's page: one card in the middle of the window. */
export interface Page {
  /** The provider, above the heading: `AWS access portal`, `Okta`. */
  readonly provider: string;
  /** The only `h1`, and the window's title. */
  readonly heading: string;
  /**
   * Content below the heading. Fields are `<label>` and `<input>`, actions `<button>`; `.secondary` is the less
   * important one.
   */
  readonly content: Html;
  /** An error about the input, announced immediately by screen readers. */
  readonly alert?: string | undefined;
  /** Other origins that its form leads to, including redirects; browsers block all others. */
  readonly leadsTo?: readonly string[];
  /** Submits its only form automatically, as an identity provider's response page does. */
  readonly sendsItself?: boolean;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f2f3f5; --card: #fff; --text: #1b1f24; --quiet: #59636e; --line: #8c959f;
  --action: #0b57d0; --on-action: #fff; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1f2328; --text: #e8eaed; --quiet: #a3adb8;
  --line: #6e7781; --action: #8ab4f8; --on-action: #0b1b33; --wrong: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border-radius: 12px;
  box-shadow: 0 1px 3px rgb(0 0 0 / 25%); overflow-wrap: anywhere; }
.provider { margin: 0; color: var(--quiet); font-size: .875rem; }
h1 { margin: .25rem 0 1rem; font-size: 1.375rem; line-height: 1.25; }
form { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; margin: 1rem 0 0; }
label { display: grid; grid-template-columns: minmax(0, 1fr); gap: .25rem; font-weight: 600; }
input { width: 100%; min-width: 0; font: inherit; font-weight: 400; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 6px;
  padding: .5rem .625rem; }
button { font: inherit; font-weight: 600; padding: .5rem 1rem; border-radius: 6px; border: 1px solid var(--action);
  background: var(--action); color: var(--on-action); cursor: pointer; }
button.secondary { background: transparent; color: var(--action); }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px; }
.code { font: 600 1.5rem/1.5 ui-monospace, monospace; letter-spacing: .08em; text-align: center; }
.quiet { color: var(--quiet); font-size: .875rem; }
[role=alert] { margin: 0 0 1rem; color: var(--wrong); font-weight: 600; }
`;

/** Separate from the page's template, where a formatter's whitespace would change the hash below. */
const STYLE_ELEMENT: Html = { markup: `<style>${STYLE}</style>` };

/** The only script, used on some pages. */
const SENDS_ITSELF = 'document.forms[0].submit();';

const SCRIPT_ELEMENT: Html = { markup: `<script>${SENDS_ITSELF}</script>` };

/**
 * Browsers apply `form-action` to the redirects after a form too, so allow loopback hosts: the last redirect is
 * to the client's redirect URI.
 */
/** CSP sources cannot contain IPv6 addresses (CSP 3, section 2.3.1): use the scheme instead. */
function sourceOf(origin: string): string {
  return origin.includes('[') ? new URL(origin).protocol : origin;
}

function contentSecurityPolicy({ leadsTo = [], sendsItself = false }: Page): string {
  return [
    "default-src 'none'",
    `style-src '${hashSource(STYLE)}'`,
    ...(sendsItself ? [`script-src '${hashSource(SENDS_ITSELF)}'`] : []),
    ["form-action 'self' http://127.0.0.1:* http://localhost:*", ...leadsTo.map(sourceOf)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashSource(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

/** Headers of a page: prevent storing, framing, sniffing and referrers. */
export function pageHeaders(page: Page): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(page),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The complete document for light and dark themes, without external resources. */
export function renderPage(page: Page): string {
  const alert = page.alert === undefined ? html`` : html`<p role="alert">${page.alert}</p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.heading} · ${page.provider}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <p class="provider">${page.provider}</p>
          <h1>${page.heading}</h1>
          ${alert} ${page.content}
        </main>
        ${page.sendsItself === true ? SCRIPT_ELEMENT : html``}
      </body>
    </html> `.markup;
}

/** Sends a page. */
export function sendPage(res: ServerResponse, status: number, page: Page): void {
  res.writeHead(status, pageHeaders(page));
  res.end(renderPage(page));
}
