import { beforeEach, describe, expect, test, vi } from 'vitest';
import { confirmEndpoints } from '../../../../src/shell/signIn/signInQuestions.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

describe('confirmEndpoints', () => {
  test('04.12: confirms an endpoint outside AWS by name, once', async () => {
    const { context, changeSettings } = await shellWorld();
    await confirmEndpoints(context, identityCenterConnection);
    const oidc = 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';
    changeSettings({ endpoints: { oidc, portal: '' } });
    const refused = rejectionOf(confirmEndpoints(context, identityCenterConnection));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toContain('a1b2c3d4e5.execute-api.us-east-1.amazonaws.com');
    screen.message.answer(undefined);
    expect(await refused).toMatchObject({ kind: 'cancelled' });
    const confirmed = confirmEndpoints(context, identityCenterConnection);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(screen.message.buttons[0]);
    await confirmed;
    await confirmEndpoints(context, identityCenterConnection);
    expect(screen.messages).toEqual([]);
  });
});
