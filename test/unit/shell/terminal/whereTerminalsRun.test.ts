import { describe, expect, test } from 'vitest';
import { areTerminalsHere } from '../../../../src/shell/terminal/whereTerminalsRun.ts';

describe('areTerminalsHere', () => {
  test.each([
    ['a local window', { remoteName: undefined, runs: 'ui' }, true],
    [
      'a remote window, with the extension beside the person',
      { remoteName: 'ssh-remote', runs: 'ui' },
      false,
    ],
    ['a remote window, with the extension there', { remoteName: 'ssh-remote', runs: 'workspace' }, true],
  ] as const)('%s', (_, host, here) => {
    expect(areTerminalsHere({ ui: 'desktop', ...host })).toBe(here);
  });
});
