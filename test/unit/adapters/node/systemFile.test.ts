import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, readIfThere } from '../../../../src/adapters/node/systemFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe('readIfThere: a file', () => {
  test('that is not there is undefined', async () => {
    await using folder = await temporaryFolder();
    expect(await readIfThere(join(folder.path, 'a.json'))).toBeUndefined();
  });

  test('that cannot be read is not taken for none', async () => {
    await using folder = await temporaryFolder();
    expect(codeOf(await rejectionOf(readIfThere(folder.path)))).toBe('EISDIR');
  });
});

test.each([
  ['the system', Object.assign(new Error('no'), { code: 'ENOSPC' }), 'ENOSPC'],
  ['an error without one', new Error('no'), undefined],
  ['a number', new DOMException('no', 'AbortError'), undefined],
  ['no error', { code: 'ENOSPC' }, undefined],
])('the code of %s', (_, error, code) => {
  expect(codeOf(error)).toBe(code);
});
