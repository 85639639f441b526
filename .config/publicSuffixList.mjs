/**
 * The Public Suffix List as `tldts` ships it is a tree in numbers, with the labels in the order of their hashes, which
 * hardly compresses. Here it is a line of text for each node, in the order of the alphabet, and the numbers are made
 * again when the list is loaded. A label in another script is there as `xn--…` alone, as the list has it, too: who looks a
 * name up has it in ASCII. That is a sixth less in the package.
 *
 * A line is the node's flag, then its labels in groups, `,NODE label label`: the labels that lead to the same node.
 */

/**
 * @param trie what `tldts/dist/es6/src/data/trie.js` exports
 * @returns the text of a module that exports the same, without the labels that are not in ASCII
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

/** Becomes part of the module: it uses nothing from outside. */
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

  /** The order of a node's labels, in which `tldts` looks for one: djb2 from the label's end. */
  function hash(label) {
    let value = 5381;
    for (let at = label.length - 1; at >= 0; at--) value = (value * 33) ^ label.charCodeAt(at);
    return value >>> 0;
  }
}
