import { beforeEach, describe, expect, test, vi } from 'vitest';
import { parseStartUrl } from '../../../../src/core/identityCenter/startUrl.ts';
import { askRegion } from '../../../../src/shell/providers/askRegion.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const startUrl = parseStartUrl(identityCenterConnection.startUrl);
const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);

async function asking(last?: string) {
  const { context, memento } = await shellWorld();
  if (last !== undefined) await memento.update('typed.region', last);
  const done = askRegion(context, 'Title', startUrl);
  done.catch(() => undefined);
  await shown();
  return { done, memento };
}

describe('askRegion', () => {
  test('offers the regions, the one of the last time first, and remembers the choice', async () => {
    const { done, memento } = await asking('eu-west-3');
    expect(screen.pick.labels.slice(0, 3)).toEqual(['Find the region for me', 'regions', 'eu-west-3']);
    expect(screen.pick.activeItems.map(({ label }) => label)).toEqual(['eu-west-3']);
    screen.pick.choose('us-east-1');
    expect(await done).toBe('us-east-1');
    expect(memento.get('typed.region')).toBe('us-east-1');
  });

  test('takes a region that it does not know, where it is shaped like one', async () => {
    const { done } = await asking();
    screen.pick.type('xx-nowhere-9');
    expect(screen.pick.row('xx-nowhere-9').description).toBe('not in the list of known regions');
    screen.pick.choose('xx-nowhere-9');
    expect(await done).toBe('xx-nowhere-9');
  });

  test('does not take what is not shaped like a region', async () => {
    const { done } = await asking();
    screen.pick.type('nowhere');
    screen.pick.choose('nowhere');
    expect(screen.pick.row('nowhere').description).toMatch(/^Enter a valid Region/);
    screen.pick.escape();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
  });

  test('asks before AWS is asked where the start URL lives', async () => {
    const { done } = await asking();
    screen.pick.choose('Find the region for me');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toBe('Ask AWS where this start URL lives?');
    screen.message.answer(undefined);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
  });
});
