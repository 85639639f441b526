import { describe, expect, test } from 'vitest';
import { readGitRequest } from '../../../src/ssoToken/gitRequest.ts';

async function* parts(...texts: readonly string[]) {
  yield* texts;
}

describe('readGitRequest', () => {
  test("reads the needed lines of Git's input, in chunks and among others", async () => {
    const input = parts(
      'capability[]=authtype\nprotocol=ht',
      'tps\nhost=git.example.com:8443\nusername=ada\n\n',
    );
    expect(await readGitRequest(input)).toEqual({
      protocol: 'https',
      host: 'git.example.com:8443',
      username: 'ada',
    });
  });

  test('accepts Windows line ends, and values with an equals sign', async () => {
    expect(await readGitRequest(parts('protocol=https\r\nhost=a=b\r\n'))).toEqual({
      protocol: 'https',
      host: 'a=b',
    });
  });

  test('stops at the empty line, and at the maximum length of a request', async () => {
    async function* endless() {
      for (;;) yield 'x'.repeat(1000);
    }
    expect(await readGitRequest(endless())).toEqual({});
    expect(await readGitRequest(parts('host=a\n\nhost=b\n'))).toEqual({ host: 'b' });
  });
});
