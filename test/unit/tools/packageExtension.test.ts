import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packFolder, sha256, type Published } from '../../tools/lib/packageExtension.ts';
import { packagedReadme } from '../../tools/lib/packagedReadme.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

const { readZip } = createRequire(import.meta.url)('@vscode/vsce/out/zip.js') as {
  readonly readZip: (path: string, filter: (name: string) => boolean) => Promise<ReadonlyMap<string, Buffer>>;
};
const published = { repository: 'https://github.com/example/developer-sign-in', ref: 'v1.0.0' };
const picture = /!\[[^\]]*\]\((?<address>[^)]*)\)/g;

const versions = { vitest: '1.0.0' };
/** Members of a manifest that only a build needs. */
const building = { scripts: { test: 'vitest' }, dependencies: versions, devDependencies: versions };

let folder: string;

/** The extension's texts without its code, as passed to the packer. */
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
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...small, ...building }, undefined, 2));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const packages = new Map<Published | undefined, ReturnType<typeof pack>>();

/** As {@link pack}; packs the same folder for the same place once. */
function packed(where?: Published): ReturnType<typeof pack> {
  const before = packages.get(where) ?? pack(where);
  packages.set(where, before);
  return before;
}

/** @returns the text files of the VSIX by lower-case name; fails on duplicates */
async function pack(where?: Published): Promise<ReadonlyMap<string, string>> {
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
  test('without an address for its files, has no pictures, relative links or made-up addresses', async () => {
    const files = await packed();
    const readme = files.get('extension/readme.md') ?? '';
    expect(readme).toContain('# Developer Sign-In');
    expect([...readme.matchAll(picture)]).toEqual([]);
    expect([...readme.matchAll(/\]\((?!https:|#)[^)]*\)/g)]).toEqual([]);
    for (const [name, text] of files) expect(text, name).not.toContain('example.invalid');
    expect([...files.keys()].filter((name) => name.endsWith('readme.md'))).toEqual(['extension/readme.md']);
  });

  test('with an address, resolves every picture and link below it', async () => {
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

describe('a manifest', () => {
  test('has no build-only members, and is minified', async () => {
    const files = await packed();
    for (const name of ['extension/package.json', 'extension/package.nls.json'])
      expect(files.get(name)).toBe(JSON.stringify(JSON.parse(files.get(name) ?? '')));
    for (const name of Object.keys(building))
      expect(JSON.parse(files.get('extension/package.json') ?? '')).not.toHaveProperty(name);
    expect(JSON.parse(files.get('extension/package.json') ?? '')).toMatchObject({
      name: 'developer-sign-in',
    });
  });

  test('has no addresses if none are given', async () => {
    const manifest = JSON.parse((await packed()).get('extension/package.json') ?? '{}') as object;
    for (const name of ['repository', 'bugs', 'homepage']) expect(manifest).not.toHaveProperty(name);
  });

  test('has the given addresses, and pictures at the given place', async () => {
    const files = await packed({
      ...published,
      pictures: 'https://pictures.example.com/1.0.0/',
      bugs: 'https://bugs.example.com/',
      homepage: 'https://example.com/sign-in',
    });
    expect(JSON.parse(files.get('extension/package.json') ?? '{}')).toMatchObject({
      repository: { type: 'git', url: 'https://github.com/example/developer-sign-in.git' },
      bugs: { url: 'https://bugs.example.com/' },
      homepage: 'https://example.com/sign-in',
    });
    const readme = files.get('extension/readme.md') ?? '';
    for (const { groups } of readme.matchAll(picture))
      expect(groups?.['address']).toMatch(/^https:\/\/pictures\.example\.com\/1\.0\.0\/media\//);
    expect(files.get('extension.vsixmanifest')).toContain('https://bugs.example.com/');
  });
});

test('two packages of the same files have the same hash, whenever and wherever they are built', async () => {
  const other = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    cpSync(folder, other, { recursive: true });
    const later = new Date(Date.now() + 3600_000);
    for (const file of ['README.md', 'LICENSE', 'media/icon.png'])
      utimesSync(join(other, file), later, later);
    const hashes = [];
    for (const each of [folder, other]) {
      const vsix = join(each, 'dist', 'same.vsix');
      expect(await packFolder(each, vsix, published, { onOutput: () => undefined })).toBe(0);
      hashes.push(sha256(vsix));
    }
    expect(hashes[0]).toBe(hashes[1]);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test('a README without published files keeps its text, web links and internal links', () => {
  expect(
    packagedReadme(
      'Before\n\n![A picture](media/a.png)\n\n[Sign in](#sign-in), [docs](docs/A.md), [AWS](https://aws.example)\n',
      false,
    ),
  ).toBe('Before\n\n[Sign in](#sign-in), docs, [AWS](https://aws.example)\n');
});
