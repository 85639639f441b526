/**
 * `tldts` ships the Public Suffix List as a numeric tree whose labels are ordered by hash, which hardly
 * compresses. This module stores one line of text per node in alphabetical order and rebuilds the numbers on
 * load. Labels in other scripts are kept only as `xn--…`, since names are looked up in ASCII. This saves a sixth
 * of the package.
 *
 * A line is the node's flag followed by groups of labels, `,NODE label label`, that lead to the same node.
 */

/**
 * @param trie the exports of `tldts/dist/es6/src/data/trie.js`
 * @returns the text of a module with the same exports, without non-ASCII labels
 */
export function suffixListModule(trie) {
  const { exceptionsRoot, rulesRoot } = trie;
  return [
    `const list = ${JSON.stringify(asText(trie))};`,
    asNumbers.toString(),
    'export const { nodeFlags, edgeStart, edgeChild, edgeLength, labelText } = asNumbers(list);',
    `export const exceptionsRoot = ${exceptionsRoot}, rulesRoot = ${rulesRoot};`,
  ].join('\n');
}

function asText({ nodeFlags, edgeStart, edgeChild, edgeLength, labelText }) {
  let offset = 0;
  return [...nodeFlags]
    .map((flag, node) => {
      const labels = new Map();
      for (let edge = edgeStart[node]; edge < edgeStart[node + 1]; edge++) {
        const label = labelText.slice(offset, (offset += edgeLength[edge]));
        if (/^[!-~]+$/.test(label))
          labels.set(edgeChild[edge], [...(labels.get(edgeChild[edge]) ?? []), label]);
      }
      const groups = [...labels].toSorted(([one], [other]) => one - other);
      return flag + groups.map(([child, group]) => `,${child} ${group.toSorted().join(' ')}`).join('');
    })
    .join('\n');
}

/** Inlined into the module, so it uses nothing from outside. */
function asNumbers(list) {
  const flags = [];
  const starts = [0];
  const edges = [];
  for (const line of list.split('\n')) {
    const [flag, ...groups] = line.split(',');
    flags.push(flag);
    const ofNode = groups.flatMap((group) => {
      const [child, ...labels] = group.split(' ');
      return labels.map((label) => ({ child, label, hash: hash(label) }));
    });
    edges.push(...ofNode.sort((one, other) => one.hash - other.hash));
    starts.push(edges.length);
  }
  return {
    nodeFlags: Uint8Array.from(flags),
    edgeStart: Uint16Array.from(starts),
    edgeChild: Uint16Array.from(edges, ({ child }) => child),
    edgeLength: Uint8Array.from(edges, ({ label }) => label.length),
    labelText: edges.map(({ label }) => label).join(''),
  };

  /** Order in which `tldts` looks up a node's labels: djb2 from the end of the label. */
  function hash(label) {
    let value = 5381;
    for (let at = label.length - 1; at >= 0; at--) value = (value * 33) ^ label.charCodeAt(at);
    return value >>> 0;
  }
}
