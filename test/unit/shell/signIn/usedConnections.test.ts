import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { inOrderOfUse, rememberUse, wasUsed } from '../../../../src/shell/signIn/usedConnections.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const other: Connection = { ...oktaConnection, name: 'Other', clientId: '0oa2' };

describe('rememberUse', () => {
  test('moves the connection to the top, and replaces another one in the settings', async () => {
    const { context, saved } = await shellWorld();
    await rememberUse(context, oktaConnection, other);
    await rememberUse(context, identityCenterConnection, undefined);
    expect(saved).toEqual([{ connection: oktaConnection, instead: other }]);
    expect(inOrderOfUse(context, [other, oktaConnection, identityCenterConnection])).toEqual([
      identityCenterConnection,
      oktaConnection,
      other,
    ]);
    expect([oktaConnection, other].map((one) => wasUsed(context, one))).toEqual([true, false]);
  });

  test('writes neither existing settings nor AWS Builder ID', async () => {
    const { context, saved } = await shellWorld({ connections: [oktaConnection] });
    await rememberUse(context, oktaConnection, oktaConnection);
    await rememberUse(context, builderIdConnection, builderIdConnection);
    expect(saved).toEqual([]);
  });

  test('reports that the settings could not be written, without rejecting', async () => {
    const { context } = await shellWorld();
    const refusing = {
      ...context,
      memento: { ...context.memento, update: () => Promise.reject(new Error('full')) },
      connectionSettings: () => Promise.reject(new Error('broken')),
    };
    await rememberUse(refusing, oktaConnection, oktaConnection);
    expect(screen.message).toMatchObject({ severity: 'warning' });
    expect(screen.message.message).toContain('“Example” couldn’t be added to your settings');
  });
});
