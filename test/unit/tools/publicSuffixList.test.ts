import { expect, test } from 'vitest';

const root = '../../../';
const { suffixListModule } = (await import(`${root}.config/publicSuffixList.mjs`)) as {
  suffixListModule: (trie: object) => string;
};
/** As `tldts` reads it: the module that its other modules import. */
const trie = (await import(`${root}node_modules/tldts/dist/es6/src/data/trie.js`)) as object;

test('the Public Suffix List in the package is number for number the one of the library', async () => {
  const text = suffixListModule(trie);
  const packed = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as object;
  expect({ ...packed }).toEqual({ ...trie });
  expect(text.length).toBeLessThan(100_000);
});
