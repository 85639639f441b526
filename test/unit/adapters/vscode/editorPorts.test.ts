import { beforeEach, describe, expect, test, vi } from 'vitest';

import { reachedAs } from '../../../../src/adapters/vscode/editorPorts.ts';

const { asExternalUri } = vi.hoisted(() => ({ asExternalUri: vi.fn() }));

vi.mock('vscode', () => ({
  env: { asExternalUri },
  Uri: { parse: (text: string) => ({ authority: new URL(text).host }) },
}));

beforeEach(() => {
  asExternalUri.mockReset();
});

describe('reachedAs: how the browser reaches this machine', () => {
  test("is the editor's mapping of localhost", async () => {
    asExternalUri.mockImplementation(async (uri: { readonly authority: string }) => ({
      authority: uri.authority.replace('localhost', 'theia.example.com'),
    }));
    expect(await reachedAs()).toBe('theia.example.com:2128');
  });

  test('is unknown if the editor does not map it', async () => {
    asExternalUri.mockRejectedValue(new Error('no'));
    expect(await reachedAs()).toBeUndefined();
  });
});
