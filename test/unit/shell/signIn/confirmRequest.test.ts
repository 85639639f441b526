import { beforeEach, describe, expect, test, vi } from 'vitest';
import { confirmRequest } from '../../../../src/shell/signIn/confirmRequest.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('confirmRequest', () => {
  test('asks nothing if the configured connection already requests the same', async () => {
    const { context } = await shellWorld();
    await confirmRequest(context, oktaConnection, {}, oktaConnection);
    expect(screen.messages).toEqual([]);
  });

  test.each([
    [{ scopes: ['groups'] }, oktaConnection, 'with more permissions?', 'Not requested so far: groups'],
    [{ loginHint: 'eve@example.com' }, oktaConnection, 'with different options?', 'eve@example.com'],
    [{}, undefined, 'that isn’t in your settings?', oktaConnection.clientId],
  ])('shows what %j requests beyond it, and a no cancels', async (request, configured, question, shown) => {
    const { context } = await shellWorld();
    const refused = rejectionOf(confirmRequest(context, oktaConnection, request, configured));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toContain(question);
    expect(screen.message.detail).toContain(shown);
    screen.message.answer(undefined);
    expect(await refused).toMatchObject({ kind: 'cancelled' });
  });
});
