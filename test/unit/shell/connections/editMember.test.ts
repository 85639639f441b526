import { expect, test, vi } from 'vitest';
import { fieldsOf } from '../../../../src/core/connection/connectionFields.ts';
import { askField } from '../../../../src/shell/connections/editMember.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

test.each(['openid, profile', 'openid,profile', ' openid  profile, '])(
  'F12: parses scopes as typed or copied: %j',
  async (typed) => {
    const { context } = await shellWorld({ connections: [oktaConnection] });
    const scopes = fieldsOf('okta').find(({ name }) => name === 'scopes');
    if (scopes === undefined) throw new Error('Okta lacks the field');
    const asked = askField(context, 'Scopes', oktaConnection, scopes);
    await settleUntil(() => screen.input !== undefined);
    screen.field.submit(typed);
    expect(await asked).toMatchObject({ scopes: ['openid', 'profile'] });
  },
);
