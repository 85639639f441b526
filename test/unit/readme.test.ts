import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manifestTitles, sourceTexts } from '../tools/lib/words.ts';
import { connectionTypes, fieldsOf } from '../../src/core/connection/connectionFields.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test("the README's snippet for extension authors equals the file that the type-check compiles", () => {
  const blocks = [...read('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  expect(blocks).toEqual([read('test/readme/useToken.ts')]);
});

test('the README names every command and setting of the manifest', () => {
  const readme = read('README.md');
  const nls = manifestTitles();
  const manifest = JSON.parse(read('package.json')) as {
    contributes: { commands: { title: string }[]; configuration: { properties: Record<string, unknown> } };
  };
  const keys = manifest.contributes.commands.map(({ title }) => title.slice(1, -1));
  expect(
    keys.filter((key) => nls[key] === undefined),
    'Titles to add to package.nls.json',
  ).toEqual([]);
  const settings = Object.keys(manifest.contributes.configuration.properties);
  const names = [...keys.flatMap((key) => nls[key] ?? []), ...settings];
  expect(
    names.filter((name) => !readme.includes(name)),
    'Rows to add to the tables of commands and settings in README.md',
  ).toEqual([]);
});

test('the README names every member of a connection', () => {
  const readme = read('README.md');
  const members = connectionTypes.flatMap((type) => fieldsOf(type).map(({ name }) => name));
  expect(
    members.filter((name) => !new RegExp('[`"]' + name + '[`"]').test(readme)),
    'Members to add to the list below the table of settings in README.md',
  ).toEqual([]);
});

test('every picture in the README exists', () => {
  const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path ?? '');
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  for (const picture of pictures) expect(() => readFileSync(join(root, picture))).not.toThrow();
});

test('the README starts with its three links, each of which leads to a heading', () => {
  const readme = read('README.md');
  const [, , line = ''] = readme.split('\n\n');
  const links = [...line.matchAll(/\[([^\]]+)\]\(#([\w-]+)\)/g)];
  expect(links.map(([, text]) => text)).toEqual(['Sign in', 'For administrators', 'For extension authors']);
  const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, text = '']) =>
    text.toLowerCase().replaceAll(' ', '-'),
  );
  for (const [, , anchor] of links) expect(headings).toContain(anchor);
});

test('the README names the minimum version of VS Code', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { vscode: string } };
  const version = engines.vscode.replace(/^\^(\d+\.\d+)\.0$/, '$1');
  expect(read('README.md')).toContain(`VS Code ${version} or later`);
});

test.each(['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md'])(
  'no table cell in %s has more than thirty words',
  (path) => {
    const cells = read(path)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .flatMap((line) => line.split(/(?<!\\)\|/));
    expect(cells.filter((cell) => cell.trim().split(/\s+/).length > 30)).toEqual([]);
  },
);

test('every message under Troubleshooting exists in the product', () => {
  const [, section = ''] = read('README.md').split('## Troubleshooting');
  const messages = [...section.matchAll(/^\| _([^_]+)_/gm)].map(([, message = '']) => message);
  const shown = Object.keys(JSON.parse(read('l10n/bundle.l10n.de.json')) as Record<string, string>);
  expect(messages.length).toBeGreaterThan(8);
  for (const message of messages) {
    const parts = message.split('…').map((part) => part.trim());
    expect(
      shown.filter((text) => parts.every((part) => text.includes(part))),
      message,
    ).not.toEqual([]);
  }
});

/** Labels of VS Code, consoles or protocols in the documents below. */
const namedByOthers: readonly string[] = [
  ...['Install', 'Extensions: Install from VSIX…', 'Run this script using the logged on credentials'],
  ...['Allow access', 'Metadata URI', 'native', 'Authorization Code', 'Device Authorization'],
  ...['API Services', 'Public key / Private key', 'Read-Only Administrator'],
];

test.each(['README.md', 'docs/TERMINAL.md', 'docs/DEPLOYMENT.md', 'docs/CHECK-SETUP.md'])(
  'every label in %s exists in the product',
  (path) => {
    // The test above covers messages; a bold sentence is a heading.
    const text = read(path).replaceAll(/```[\s\S]*?```|^\| _[^_]+_/gm, '');
    const labels = [...text.matchAll(/\*\*([^*]+)\*\*|(?<![\w`])_([^_\n]+)_(?!\w)/g)]
      .map(([, bold, italic]) => (bold ?? italic ?? '').replaceAll(/\s+/g, ' '))
      .filter((label) => !label.endsWith('.') && !namedByOthers.includes(label));
    const titles = Object.values(manifestTitles());
    const shown = new Set([...Object.keys(sourceTexts()), ...titles, ...titles.map((one) => `SSO: ${one}`)]);
    expect(labels.length).toBeGreaterThan(0);
    // The status bar replaces {0} with the kinds of connections.
    expect(
      labels.filter((label) => !shown.has(label.replace(/^[\w/]+(?=: Sign In$)/, '{0}'))),
      'Name what the product shows, or add what others show to namedByOthers',
    ).toEqual([]);
  },
);
