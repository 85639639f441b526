import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectionTypes, fieldsOf } from '../../src/core/connection/connectionFields.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the snippet for extension authors in the README is the file that the type-check compiles', () => {
  const blocks = [...read('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  expect(blocks).toEqual([read('test/readme/useToken.ts')]);
});

test('the README names every command and setting of the manifest', () => {
  const readme = read('README.md');
  const nls = JSON.parse(read('package.nls.json')) as Record<string, string>;
  const manifest = JSON.parse(read('package.json')) as {
    contributes: { commands: { title: string }[]; configuration: { properties: Record<string, unknown> } };
  };
  const titles = manifest.contributes.commands.map(({ title }) => nls[title.slice(1, -1)]);
  const settings = Object.keys(manifest.contributes.configuration.properties);
  expect([...titles, ...settings].filter((word) => word === undefined || !readme.includes(word))).toEqual([]);
});

test('the README names every member of a connection', () => {
  const readme = read('README.md');
  const members = connectionTypes.flatMap((type) => fieldsOf(type).map(({ name }) => name));
  expect(members.filter((name) => !new RegExp('[`"]' + name + '[`"]').test(readme))).toEqual([]);
});

test('every picture in the README is there', () => {
  const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path ?? '');
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  for (const picture of pictures) expect(() => readFileSync(join(root, picture))).not.toThrow();
});
