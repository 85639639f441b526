import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { html, type Html } from './html.ts';

/**
 * The fields *Username* and *Password* of a sign-in form. The cursor is in the first that a person has to fill in.
 * @param username a hint, or the one typed before with a wrong password
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

/** What a person sees of an identity provider: one card in the middle of the window. */
export interface Page {
  /** The provider, above the heading: `AWS access portal`, `Okta`. */
  readonly provider: string;
  /** The page's only `h1`, and the window's title. */
  readonly heading: string;
  /** Below the heading. Fields are `<label>` and `<input>`, actions `<button>`; `.secondary` is the lesser of two. */
  readonly content: Html;
  /** What went wrong with what was typed; read out at once. */
  readonly alert?: string | undefined;
  /** Origins of other sites that its form leads to, by redirects too: a browser lets it go nowhere else. */
  readonly leadsTo?: readonly string[];
  /** Sends its only form without waiting for a person, as an identity provider's answer does. */
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

/** Apart from the page's template, where a formatter's blanks would change the hash below. */
const STYLE_ELEMENT: Html = { markup: `<style>${STYLE}</style>` };

/** The one script that there is, and not on every page. */
const SENDS_ITSELF = 'document.forms[0].submit();';

const SCRIPT_ELEMENT: Html = { markup: `<script>${SENDS_ITSELF}</script>` };

/**
 * Browsers hold the redirects that follow a form against `form-action` too, hence the loopback hosts:
 * the last of them is the client's redirect URI.
 */
/** A source of a policy cannot be an IPv6 address (CSP 3, section 2.3.1): its scheme is the nearest that can. */
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

/** Headers of a page: nothing is kept, framed, sniffed or told to the next site. */
export function pageHeaders(page: Page): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(page),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The whole document, for light and dark, without anything from elsewhere. */
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

/** Answers with a page. */
export function sendPage(res: ServerResponse, status: number, page: Page): void {
  res.writeHead(status, pageHeaders(page));
  res.end(renderPage(page));
}
