import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fieldsOf, isConnectionType } from '../../src/core/connection/connectionFields.ts';
import { readEntry } from '../../src/features/connectionEntries.ts';

/** The entries of `developerSignIn.connections` in the code blocks of a document. */
function entriesIn(document: string): readonly unknown[] {
  const blocks = [...readFileSync(document, 'utf8').matchAll(/^```jsonc?\n([\s\S]*?)^```/gm)].map(
    ([, text]) => (text ?? '').trim(),
  );
  return blocks.flatMap((text): readonly unknown[] => {
    const [, list] = /^"developerSignIn\.connections": (\[[\s\S]*\])$/.exec(text) ?? [];
    if (list !== undefined) return JSON.parse(list) as unknown[];
    return text.startsWith('{ "type"') ? text.split('\n').map((line) => JSON.parse(line) as unknown) : [];
  });
}

test.each([
  ['README.md', 3],
  ['docs/OPENID-CONNECT.md', 6],
])('every connection in %s is valid, and has no unknown member', (document, least) => {
  const entries = entriesIn(document);
  expect(entries.length).toBeGreaterThanOrEqual(least);
  for (const entry of entries) {
    expect(readEntry(entry), JSON.stringify(entry)).toHaveProperty('connection');
    const { type, ...members } = entry as Readonly<Record<string, string>>;
    const known = isConnectionType(type) ? fieldsOf(type).map(({ name }) => name) : [];
    expect(Object.keys(members).filter((name) => !known.includes(name))).toEqual([]);
  }
});
