import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import {
  chooseAmong,
  askConnection,
  chooseConnection,
} from '../../../../src/shell/signIn/chooseConnection.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const work: Connection = { ...oktaConnection, name: 'Work' };
const second: Connection = { ...oktaConnection, name: 'Second', clientId: '0oa2' };
const shown = () => settleUntil(() => screen.input !== undefined);
describe('askConnection', () => {
  test('does not ask if exactly one matches', async () => {
    const { context } = await shellWorld({ connections: [work] });
    expect(await askConnection(context, 'okta')).toEqual(work);
    expect(screen.input).toBeUndefined();
  });
});

describe('chooseConnection', () => {
  test('shows the provider in the title', async () => {
    const { context } = await shellWorld({ connections: [work, second] });
    const done = chooseConnection(context, 'okta');
    await shown();
    expect(screen.pick.title).toBe('Sign In with Okta');
    screen.pick.choose('Second');
    expect(await done).toEqual(second);
  });

  test('has an icon in each row, so that labels align', async () => {
    const { context } = await shellWorld({ connections: [work, second] });
    const done = rejectionOf(chooseConnection(context, 'okta'));
    await shown();
    const rows = screen.pick.items.filter(({ label }) => label !== '');
    expect(rows.map(({ label, iconPath }) => [label, iconPath !== undefined])).toEqual(
      rows.map(({ label }) => [label, true]),
    );
    screen.pick.choose('Manage Connections…');
    await done;
  });

  test('takes the one that is there, with its name, where its start URL is typed again: its Region is not asked for', async () => {
    const other: Connection = {
      ...identityCenterConnection,
      name: 'Other',
      startUrl: 'https://d-9067642ac7.awsapps.com/start',
    };
    const { context } = await shellWorld({ connections: [identityCenterConnection, other] });
    const done = chooseConnection(context, 'identityCenter');
    await shown();
    screen.pick.choose(screen.pick.labels.at(-1) ?? '');
    await settleUntil(() => screen.input !== undefined && 'validationMessage' in screen.input);
    screen.field.submit(identityCenterConnection.startUrl);
    expect(await done).toEqual(identityCenterConnection);
  });

  test('opens the connections, which ends the sign-in', async () => {
    const { context } = await shellWorld({ connections: [work, second] });
    const done = rejectionOf(chooseConnection(context, 'okta'));
    await shown();
    screen.pick.choose('Manage Connections…');
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(screen.executed).toEqual([['developerSignIn.manageConnections']]);
  });

  test('marks a row that the organization does not allow', async () => {
    const { context, allowOnly } = await shellWorld({ connections: [work, second] });
    allowOnly({ allowedIssuers: ['https://elsewhere.okta.com'] });
    const done = rejectionOf(chooseConnection(context, 'okta'));
    await shown();
    const locked = screen.pick.labels[0] ?? '';
    expect(locked).toMatch(/Work, Second/);
    screen.pick.choose(locked);
    expect(await done).toMatchObject({ kind: 'blockedByOrganization' });
  });
});

describe('chooseAmong', () => {
  test('uses the only one that is allowed', async () => {
    const { context, allowOnly } = await shellWorld();
    const elsewhere: Connection = { ...oktaConnection, issuer: 'https://elsewhere.okta.com' };
    allowOnly({ allowedIssuers: [elsewhere.issuer] });
    expect(await chooseAmong(context, [work, elsewhere])).toEqual(elsewhere);
  });

  test('rejects if none is allowed', async () => {
    const { context, allowOnly } = await shellWorld();
    allowOnly({ allowedIssuers: [] });
    expect(await rejectionOf(chooseAmong(context, [work, second]))).toMatchObject({
      kind: 'blockedByOrganization',
    });
  });

  test('lists the most recently used first', async () => {
    const { context, memento } = await shellWorld();
    await memento.update('usedConnections', [`okta ${oktaConnection.issuer} 0oa2`]);
    const done = rejectionOf(chooseAmong(context, [work, second]));
    await shown();
    expect(screen.pick.labels).toEqual(['Second', 'Work']);
    screen.pick.escape();
    expect(await done).toMatchObject({ kind: 'cancelled' });
  });
});
