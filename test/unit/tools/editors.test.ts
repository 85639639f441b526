import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { chosenEditor, EDITOR_VARIABLE, editors } from '../../host/editors.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

/** code-server 4.y.z contains VS Code 1.y.z. */
const versions = editors.map(({ codeServer }) => codeServer.split('.').map(Number));

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('editors', () => {
  it('start with the minimum VS Code version in the manifest', () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      engines: { vscode: string };
    };
    const [, minor] = versions[0] ?? [];
    expect(manifest.engines.vscode).toBe(`^1.${minor}.0`);
  });

  it('are three, oldest first', () => {
    const minors = versions.map(([, minor]) => minor ?? 0);
    expect(minors).toEqual([...new Set(minors)].toSorted((a, b) => a - b));
    expect(minors).toHaveLength(3);
  });
});

describe('chosenEditor', () => {
  it('is the newest by default', () => {
    vi.stubEnv(EDITOR_VARIABLE, '');
    expect(chosenEditor()).toBe(editors.at(-1));
    vi.stubEnv(EDITOR_VARIABLE, '4.105.1');
    expect(chosenEditor().codeServer).toBe('4.105.1');
  });

  it('lists the known ones if it does not know the name', () => {
    vi.stubEnv(EDITOR_VARIABLE, '4.1.0');
    expect(() => chosenEditor()).toThrow('"4.1.0". The host tests know: 4.105.1');
  });
});
