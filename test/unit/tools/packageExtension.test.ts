import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packFolder } from '../../tools/lib/packageExtension.ts';
import { packagedReadme } from '../../tools/lib/packagedReadme.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

const { readZip } = createRequire(import.meta.url)('@vscode/vsce/out/zip.js') as {
  readonly readZip: (path: string, filter: (name: string) => boolean) => Promise<ReadonlyMap<string, Buffer>>;
};
const published = { repository: 'https://github.com/example/developer-sign-in', ref: 'v1.0.0' };
const picture = /!\[[^\]]*\]\((?<address>[^)]*)\)/g;

let folder: string;

/** The texts of the extension without its code, as the packer gets them. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  for (const file of [
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    '.vscodeignore',
    'package.nls.json',
    'media/icon.png',
  ])
    cpSync(join(projectRoot, file), join(folder, file), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const kept = [
    'name',
    'displayName',
    'description',
    'version',
    'publisher',
    'license',
    'engines',
    'icon',
    'categories',
  ];
  const small = Object.fromEntries(kept.map((name) => [name, manifest[name]]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(small));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the text files of the VSIX by their lower-case name; two of one name fail */
async function packed(where?: typeof published): Promise<ReadonlyMap<string, string>> {
  const vsix = join(folder, 'dist', 'test.vsix');
  let output = '';
  const onOutput = (text: string): void => {
    output += text;
  };
  expect(await packFolder(folder, vsix, where, { onOutput }), output).toBe(0);
  const names: string[] = [];
  const files = await readZip(vsix, (name) => {
    names.push(name.toLowerCase());
    return !name.endsWith('.png');
  });
  expect(names).toHaveLength(new Set(names).size);
  return new Map([...files].map(([name, content]) => [name.toLowerCase(), content.toString('utf8')]));
}

describe('a VSIX', () => {
  test('without an address of its files has no picture, no relative link and no invented address', async () => {
    const files = await packed();
    const readme = files.get('extension/readme.md') ?? '';
    expect(readme).toContain('# Developer Sign-In');
    expect([...readme.matchAll(picture)]).toEqual([]);
    expect([...readme.matchAll(/\]\((?!https:|#)[^)]*\)/g)]).toEqual([]);
    for (const [name, text] of files) expect(text, name).not.toContain('example.invalid');
    expect([...files.keys()].filter((name) => name.endsWith('readme.md'))).toEqual(['extension/readme.md']);
  });

  test('with one has every picture and link below it', async () => {
    const files = await packed(published);
    const readme = files.get('extension/readme.md') ?? '';
    const pictures = [...readme.matchAll(picture)].map(({ groups }) => groups?.['address'] ?? '');
    expect(pictures.length).toBeGreaterThan(0);
    for (const address of pictures)
      expect(address).toMatch(/^https:\/\/github\.com\/example\/developer-sign-in\/raw\/v1\.0\.0\/media\//);
    expect(readme).toContain(
      '(https://github.com/example/developer-sign-in/blob/v1.0.0/docs/OPENID-CONNECT.md)',
    );
    for (const [name, text] of files) expect(text, name).not.toContain('example.invalid');
  });
});

test('a README without published files keeps its words, its web links and its links within the page', () => {
  expect(
    packagedReadme(
      'Before\n\n![A picture](media/a.png)\n\n[Sign in](#sign-in), [docs](docs/A.md), [AWS](https://aws.example)\n',
      false,
    ),
  ).toBe('Before\n\n[Sign in](#sign-in), docs, [AWS](https://aws.example)\n');
});
