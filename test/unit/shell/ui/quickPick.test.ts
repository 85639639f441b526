import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ThemeIcon } from 'vscode';
import { List, showList } from '../../../../src/shell/ui/quickPick.ts';
import { screen } from '../../fakes/screen.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const rows = [{ label: 'Connecting…', icon: 'sync', description: 'example.okta.com' }];

describe('showList: a screen reader heard “loading~spin Connecting…”: the label of a row is its words, and the icon stands beside it', () => {
  const drawn = [{ label: 'Connecting…', iconPath: new ThemeIcon('sync'), description: 'example.okta.com' }];

  test('in a list for a single selection', async () => {
    const chosen = showList(rows, { title: 'Sign In' });
    expect(screen.pick.items).toEqual(drawn);
    screen.pick.choose('Connecting…');
    expect(await chosen).toBe(rows[0]);
  });

  test('in a list that changes while it is open', () => {
    const list = new List();
    list.rows = rows;
    list.show();
    expect(screen.pick.items).toEqual(drawn);
    list.dispose();
  });
});
