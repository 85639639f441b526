import { afterEach, describe, expect, test, vi } from 'vitest';
import { workspacePlace } from '../../../../src/shell/terminal/workspacePlace.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';

vi.mock('vscode', async () => import('../../fakes/workspaceTrust.ts'));

afterEach(() => workspace.open(undefined));

const place = (hostName: string) => workspacePlace({ terminals: { hostName } as never });

describe('workspacePlace', () => {
  test('is a folder on a machine: the same folder on another machine differs', () => {
    workspace.open('shop');
    expect(place('laptop')).toBe('laptop file:///home/ana/shop');
    expect(place('server')).not.toBe(place('laptop'));
  });

  test('a window without a folder has none, so nothing is remembered', () => {
    expect(place('laptop')).toBeUndefined();
  });
});
