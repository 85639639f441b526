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

  test('an empty line with a Windows line end ends it, too, although the input stays open', async () => {
    let asked = 0;
    async function* open() {
      for (;;) yield asked++ === 0 ? 'protocol=https\r\nhost=a\r\n\r\n' : 'x=y\r\n';
    }
    expect(await readGitRequest(open())).toEqual({ protocol: 'https', host: 'a' });
    expect(asked).toBe(1);
  });
});
