import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { onlyConnection } from '../../../../src/shell/signIn/signInQuestions.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const work: Connection = { ...oktaConnection, name: 'Work' };
const second: Connection = { ...oktaConnection, name: 'Second', clientId: '0oa2' };
const section = {
  file: '~/.aws/config',
  sections: [
    { name: 'sso', startUrl: identityCenterConnection.startUrl, region: 'eu-central-1', scopes: [] },
  ],
};

describe('onlyConnection', () => {
  test.each([
    [[work, identityCenterConnection], work],
    [[work, second], undefined],
    [[identityCenterConnection], undefined],
  ] as const)('of the requested type: %#', async (connections, only) => {
    const { context } = await shellWorld({ connections });
    expect(await onlyConnection(context, 'okta')).toEqual(only);
  });

  test('may be one from the AWS CLI', async () => {
    const { context } = await shellWorld();
    const ssoSessions = async () => section;
    expect(await onlyConnection({ ...context, ssoSessions }, 'identityCenter')).toMatchObject({
      startUrl: identityCenterConnection.startUrl,
    });
    expect(await onlyConnection({ ...context, ssoSessions }, 'okta')).toBeUndefined();
  });
});
