import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledPackages, thirdPartyNotices } from '../../tools/lib/thirdPartyNotices.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const metafile = (...paths: readonly string[]) => ({
  outputs: {
    'dist/a.cjs': { inputs: Object.fromEntries(paths.map((path) => [path, { bytesInOutput: 9 }])) },
  },
});

/** A folder with these files, and the notices for a bundle with these inputs. */
async function noticesOf(
  files: Readonly<Record<string, string>>,
  ...inputs: readonly string[]
): Promise<string> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'licenses'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  const places = { root: folder.path, licenses: join(folder.path, 'licenses') };
  return await thirdPartyNotices(metafile(...inputs), places);
}

const about = (name: string): string =>
  JSON.stringify({
    name,
    version: '1.2.3',
    license: 'MIT',
    repository: { url: `git+https://git.example/${name}.git` },
  });

test('09.03: includes packages with bytes in the bundle, also nested ones', () => {
  const { outputs } = metafile(
    'src/a.ts',
    'node_modules/b/x.js',
    'node_modules/@c/d/e/f.js',
    'node_modules/b/y.js',
  );
  const nested = { 'node_modules/b/node_modules/g/h.js': { bytesInOutput: 1 } };
  const shaken = { 'node_modules/none/i.js': { bytesInOutput: 0 } };
  const all = { outputs: { ...outputs, 'dist/b.cjs': { inputs: { ...nested, ...shaken } } } };
  expect(bundledPackages(all)).toEqual([
    'node_modules/@c/d',
    'node_modules/b',
    'node_modules/b/node_modules/g',
  ]);
});

test('09.03: lists a package with version, repository, license and notice', async () => {
  const files = {
    'node_modules/a/package.json': about('a'),
    'node_modules/a/LICENSE.md': 'The license of a\r\n',
    'node_modules/a/NOTICE': 'The notice of a',
    'node_modules/a/README.md': 'no license',
  };
  const notices = await noticesOf(files, 'node_modules/a/x.js');
  expect(notices).toMatch(/^a 1\.2\.3 · MIT · https:\/\/git\.example\/a$/m);
  expect(notices).toMatch(/The license of a\n\nThe notice of a\n$/);
  expect(notices).not.toContain('no license');
});

test('09.03: groups packages with the same text', async () => {
  const files = {
    'node_modules/a/package.json': about('a'),
    'node_modules/a/LICENSE': 'One license',
    'node_modules/b/package.json': about('b'),
    'node_modules/b/license.txt': 'One license\n',
  };
  const notices = await noticesOf(files, 'node_modules/a/x.js', 'node_modules/b/x.js');
  expect(notices.match(/One license/g)).toHaveLength(1);
  expect(notices).toMatch(/\na 1\.2\.3.*\nb 1\.2\.3/);
});

test('09.03: fails the build with the name of a package without a license text, unless the repository has one', async () => {
  const files = {
    'node_modules/@x/a/package.json': about('@x/a'),
    'node_modules/@x/a/licenses/LICENSE': 'deeper',
  };
  await expect(noticesOf(files, 'node_modules/@x/a/y.js')).rejects.toThrow('without a license text: @x/a');
  const own = { ...files, 'licenses/@x+a.txt': 'Kept here' };
  expect(await noticesOf(own, 'node_modules/@x/a/y.js')).toContain('Kept here');
});
