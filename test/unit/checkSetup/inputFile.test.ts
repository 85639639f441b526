import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRequest } from '../../../src/checkSetup/inputFile.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const inputs = { guide: 'kiro', domain: 'münchen.example' };
const json = JSON.stringify(inputs);

test.each([
  ['UTF-8', Buffer.from(json)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${json}`)],
  ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${json}`, 'utf16le')],
])('F17: reads an input file in %s', async (_, bytes) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'setup.json');
  await writeFile(file, bytes);
  expect(readRequest(file, {})).toMatchObject({ guide: 'kiro', inputs: { domain: inputs.domain } });
});

test('reports an unknown member of an input file in a sentence, not in a library’s words', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'setup.json');
  await writeFile(file, JSON.stringify({ ...inputs, scimToken: 'secret' }));
  const message = `${file}: scimToken is not a member of this file. Secrets come from the environment.`;
  expect(() => readRequest(file, {})).toThrow(message);
});
