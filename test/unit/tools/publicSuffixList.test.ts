import { domainToASCII } from 'node:url';
import { expect, test } from 'vitest';

/** The module as `tldts`'s other modules import it. */
interface Trie {
  readonly nodeFlags: Uint8Array;
  readonly edgeStart: Uint16Array;
  readonly edgeChild: Uint16Array;
  readonly edgeLength: Uint8Array;
  readonly labelText: string;
  readonly rulesRoot: number;
  readonly exceptionsRoot: number;
}

const root = '../../../';
const { suffixListModule } = (await import(`${root}.config/publicSuffixList.mjs`)) as {
  suffixListModule: (trie: Trie) => string;
};
const trie = (await import(`${root}node_modules/tldts/dist/es6/src/data/trie.js`)) as Trie;

test("the packaged Public Suffix List equals the library's, label by label and in order", async () => {
  const text = suffixListModule(trie);
  const packed = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Trie;
  const nodes = nodesOf(trie).map(({ flag, edges }) => ({ flag, edges: edges.filter(isAscii) }));
  expect(nodesOf(packed)).toEqual(nodes);
  expect([packed.rulesRoot, packed.exceptionsRoot]).toEqual([trie.rulesRoot, trie.exceptionsRoot]);
  expect(text.length).toBeLessThan(85_000);
});

test("has each of the library's suffixes in other scripts in ASCII, too", () => {
  const nodes = nodesOf(trie);
  const suffixes = new Set<string>();
  const collect = (node: number, name: string): void => {
    suffixes.add(name);
    for (const { child, label } of nodes[node]?.edges ?? []) collect(child, `${label}.${name}`);
  };
  collect(trie.rulesRoot, '');
  const others = [...suffixes].filter((suffix) => !isAscii({ label: suffix }) && suffix !== '');
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter((suffix) => !suffixes.has(domainToASCII(suffix)))).toEqual([]);
});

function nodesOf({ nodeFlags, edgeStart, edgeChild, edgeLength, labelText }: Trie) {
  let offset = 0;
  return [...nodeFlags].map((flag, node) => ({
    flag,
    edges: [...edgeChild.subarray(edgeStart[node], edgeStart[node + 1])].map((child, at) => {
      const length = edgeLength[(edgeStart[node] ?? 0) + at] ?? 0;
      const label = labelText.slice(offset, offset + length);
      offset += length;
      return { child, label };
    }),
  }));
}

function isAscii({ label }: { readonly label: string }): boolean {
  return /^[!-~]+$/.test(label);
}
