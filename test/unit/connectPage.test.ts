import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { connectionFields } from '../../src/core/connection/connectionFields.ts';
import type { Fields } from '../../src/core/connection/connectionFields.ts';
import { connectionWebLink, parseConnectionLink } from '../../src/features/connectionLink.ts';
import { identityCenterConnection, oktaConnection } from './fakes/examples.ts';

/** The page in `docs/connect/`, which an organization hosts, and which opens a connection link in an editor. */
const html = readFileSync(join(import.meta.dirname, '../../docs/connect/index.html'), 'utf8');
const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];

/** The parts of an element that the page's script uses. */
interface Element {
  textContent: string;
  href: string;
  hidden: boolean;
  readonly children: Element[];
  append(...more: readonly Element[]): void;
  addEventListener(name: string, listener: () => void): void;
  click: () => void;
}

function element(): Element {
  const children: Element[] = [];
  const one: Element = {
    textContent: '',
    href: '',
    hidden: true,
    children,
    append: (...more: readonly Element[]) => void children.push(...more),
    addEventListener: (_name: string, listener: () => void) => void (one.click = listener),
    click: () => undefined,
  };
  return one;
}
/** The page's content for an address. */
function opened(address: string, kept = new Map<string, string>(), languages: readonly string[] = ['en-US']) {
  const byId = new Map<string, Element>();
  const getElementById = (id: string) => {
    const found = byId.get(id) ?? element();
    byId.set(id, found);
    return found;
  };
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const documentElement = { lang: '' };
  const document = { getElementById, createElement: element, documentElement, title: '' };
  const navigator = { languages };
  const location = new URL(address);
  runInNewContext(script, { document, navigator, localStorage, location, decodeURIComponent });
  const links = (byId.get('editors')?.children ?? []).flatMap(({ children }) => children);
  return {
    title: byId.get('title')?.textContent,
    values: (byId.get('values')?.children ?? []).map(({ textContent }) => textContent),
    links,
    lang: documentElement.lang,
    said: ['title', 'lead', 'before', 'after'].map((id) => byId.get(id)?.textContent ?? ''),
  };
}

const page = 'https://wiki.example.com/connect/';

describe('the page of a web link', () => {
  test('runs only its own script and style, and sends no requests', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(html).toContain(`script-src 'sha256-${hash(script)}'`);
    expect(html).toContain(`style-src 'sha256-${hash(style)}'`);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/innerHTML|document\.write|eval\(|fetch\(|\bsrc=/);
  });

  test.each([oktaConnection, identityCenterConnection])(
    "passes on the link's connection: $type",
    (connection) => {
      const { links, values } = opened(connectionWebLink(page, connection));
      expect(values).toContain(connection.name);
      expect(links[0]?.textContent).toBe('Open in VS Code');
      for (const { href } of links) {
        const url = new URL(href);
        expect(url.host).toBe('developer-sign-in.developer-sign-in');
        // The editor decodes the query once.
        expect(parseConnectionLink(url.pathname, decodeURIComponent(url.search.slice(1)))).toMatchObject({
          type: connection.type,
          name: connection.name,
        });
      }
    },
  );

  test('starts with the editor that was selected last', () => {
    const kept = new Map<string, string>();
    const link = connectionWebLink(page, oktaConnection);
    opened(link, kept)
      .links.find(({ textContent }) => textContent === 'Open in Cursor')
      ?.click();
    expect(opened(link, kept).links[0]?.textContent).toBe('Open in Cursor');
  });

  test.each([
    [['de-AT', 'en'], 'de', 'In VS Code öffnen'],
    [['ja'], 'ja', 'VS Code で開く'],
    [['fr', 'ja-JP', 'en'], 'ja', 'VS Code で開く'],
    [['fr'], 'en', 'Open in VS Code'],
    [['constructor'], 'en', 'Open in VS Code'],
  ])('uses the first browser language that the extension supports: %s', (languages, lang, first) => {
    const shown = opened(connectionWebLink(page, oktaConnection), new Map(), languages);
    expect(shown.lang).toBe(lang);
    expect(shown.links[0]?.textContent).toBe(first);
    expect(new Set(shown.said).size).toBe(4);
  });

  test('has English text without its script, too', () => {
    for (const text of opened(connectionWebLink(page, oktaConnection)).said)
      expect(html).toContain(`>${text}<`);
  });

  test('names three fields of an OpenID Connect connection in words (regression: by their names in settings.json)', () => {
    const names = Object.values(connectionFields).flatMap((fields) =>
      Object.entries(fields as Fields).flatMap(([name, { inLink }]) => (inLink === true ? [name] : [])),
    );
    for (const language of ['en', 'de', 'ja'])
      for (const name of new Set(names)) {
        const { values } = opened(`${page}#type=oidc&${name}=x`, new Map(), [language]);
        expect(values, language).not.toContain(name);
      }
  });

  test.each([
    ['nothing', ''],
    ['another type', 'type=saml&x=1'],
    ['a name of every object', 'type=constructor'],
    ['what cannot be decoded', 'type=okta&name=%25E0%25A4'],
    ['too much', `type=okta&name=${'a'.repeat(9000)}`],
  ])('rejects %s', (_, fragment) => {
    const { title, links } = opened(`${page}#${fragment}`);
    expect(title).toBe('This link isn’t complete');
    expect(links).toEqual([]);
  });
});
