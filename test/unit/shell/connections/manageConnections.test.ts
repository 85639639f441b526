import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ThemeIcon } from 'vscode';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { manageConnections } from '../../../../src/shell/connections/manageConnections.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import { providerTypes } from '../../../../src/shell/providers/registration.ts';
import { providerOf } from '../../../../src/shell/providers/index.ts';
import { identityCenterConnection, oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const work: Connection = { ...oktaConnection, name: 'Work' };
const file = '/home/ada/.aws/config';
const { startUrl, region } = identityCenterConnection;
const inAwsConfig = (...sections: readonly object[]) =>
  ({
    file,
    sections: sections.map((one) => ({ name: 'sso', startUrl, region, scopes: [], ...one })),
  }) as never;

const listed = () => settleUntil(() => screen.input !== undefined && 'items' in screen.input);

/** The rows of the list on top; empty for an input box. */
const labelsNow = () => (screen.input !== undefined && 'items' in screen.input ? screen.pick.labels : []);

/** Opens the list. */
async function list(context: ShellContext) {
  const done = manageConnections(context);
  await listed();
  return { done, rows: screen.pick };
}

async function closed(done: Promise<void>): Promise<void> {
  screen.pick.escape();
  await done;
}

describe('manageConnections', () => {
  test.each([
    [[], 'Select an action'],
    [[work], 'Select a connection to edit'],
  ] as const)('asked for a connection to edit without having one (%j)', async (connections, placeholder) => {
    const { context } = await shellWorld({ connections });
    const { done, rows } = await list(context);
    expect(rows.placeholder).toBe(placeholder);
    await closed(done);
  });

  test('has a row for each connection with its address and its accounts', async () => {
    const { context } = await shellWorld({
      connections: [identityCenterConnection, work],
      stored: [{ ...oktaSession, connection: work }],
    });
    const { done, rows } = await list(context);
    expect(rows.row('Work')).toMatchObject({
      description: oktaConnection.issuer.replace('https://', ''),
      detail: expect.stringContaining('ada@example.com') as string,
    });
    expect(rows.row('Example').description).toBe('d-1234567890.awsapps.com (eu-central-1)');
    expect(rows.row('Example').detail).not.toMatch(/ada|signed in as/i);
    await closed(done);
    expect(screen.allMessages).toEqual([]);
  });

  test('lists all accounts signed in to one connection', async () => {
    const ben = { id: 'ben', label: 'ben@example.com', name: 'ben@example.com' };
    const { context } = await shellWorld({
      connections: [oktaConnection],
      stored: [oktaSession, { ...oktaSession, id: '1'.repeat(32), account: ben }],
    });
    const { done, rows } = await list(context);
    expect(rows.row('Example').detail).toMatch(/ada@example\.com, ben|ben@example\.com, ada/);
    await closed(done);
  });

  test('a name in the settings creates no icon or link', async () => {
    const { context } = await shellWorld({ connections: [{ ...work, name: '$(trash) [x](command:y)' }] });
    const { done, rows } = await list(context);
    expect(rows.items[0]?.label).toBe('$ (trash) [x] (command:y)');
    await closed(done);
  });

  test('marks one that the organization does not allow, and still lets you edit it', async () => {
    const { context, allowOnly } = await shellWorld({ connections: [work] });
    allowOnly({ allowedIssuers: [] });
    const { done, rows } = await list(context);
    expect(rows.row('Work').detail).toMatch(/not allowed/i);
    rows.choose('Work');
    await settleUntil(() => screen.input !== undefined && screen.pick !== rows);
    expect(screen.pick.title).toContain('Work');
    await closed(done);
  });

  test("lists the organization's first, under a heading, and not editable", async () => {
    const { context, allowOnly } = await shellWorld({ connections: [work, identityCenterConnection] });
    allowOnly({ connections: [identityCenterConnection] });
    const { done, rows } = await list(context);
    expect(rows.items.map(({ label }) => label).slice(0, 4)).toEqual([
      'From your organization',
      'Example',
      'Your connections',
      'Work',
    ]);
    rows.choose('Example');
    await settleUntil(() => screen.messages.length > 0);
    const [said] = screen.messages;
    expect(said?.message).toMatch(/provides “Example” in .* Only an administrator can change it\./);
    said?.answer(undefined);
    await done;
  });

  test('opens the selected connection, and returns to the list', async () => {
    const { context } = await shellWorld({ connections: [work] });
    const { done, rows } = await list(context);
    rows.choose('Work');
    await settleUntil(() => screen.input !== undefined && screen.pick !== rows);
    screen.pick.press('Back');
    await settleUntil(() => screen.input !== undefined && screen.pick.title === rows.title);
    await closed(done);
  });

  test('a field had no way back, and the list began at its top again: Back leads to the row that was chosen', async () => {
    const { context, saved } = await shellWorld({ connections: [identityCenterConnection, work] });
    const { done, rows } = await list(context);
    rows.choose('Work');
    await settleUntil(() => screen.input?.title === 'Connection “Work”');
    for (const field of ['Name', 'Issuer', 'Client ID', 'Scopes', 'Callback ports', 'Sign-in method']) {
      screen.pick.choose(field);
      await settleUntil(() => screen.input !== undefined && !labelsNow().includes('Client ID'));
      screen.input?.press('Back');
      await settleUntil(() => screen.input !== undefined && labelsNow().includes('Client ID'));
      expect(screen.pick.activeItems.map(({ label }) => label)).toEqual([field]);
    }
    screen.pick.press('Back');
    await settleUntil(() => screen.input?.title === rows.title);
    expect(screen.pick.activeItems.map(({ label }) => label)).toEqual(['Work']);
    await closed(done);
    expect([saved, screen.allMessages]).toEqual([[], []]);
  });

  test.each([
    ['that is not an object', 7, /2/],
    ['without its issuer', { type: 'okta', name: 'x', clientId: '0oa1' }, /2.*issuer/],
    ['whose issuer is not https', { ...work, issuer: 'ftp://example.okta.com' }, /2/],
  ])('numbers an entry %s as the settings do, and opens it there', async (_, entry, words) => {
    const { context } = await shellWorld({ entries: [work, entry] });
    const { done, rows } = await list(context);
    const broken = rows.items.find(
      ({ iconPath }) => iconPath instanceof ThemeIcon && iconPath.id === 'warning',
    );
    expect(`${broken?.label} ${broken?.detail}`).toMatch(words);
    rows.choose(broken?.label ?? '');
    await done;
    expect(screen.executed).toEqual([
      ['workbench.action.openSettingsJson', { revealSetting: { key: 'developerSignIn.connections' } }],
    ]);
  });

  test('can open the settings file directly', async () => {
    const { context } = await shellWorld();
    const { done, rows } = await list(context);
    rows.choose(/settings\.json/);
    await done;
    expect(screen.executed).toHaveLength(1);
  });
});

describe('manageConnections: sessions of the AWS CLI', () => {
  test('are listed under a heading, and added with one selection', async () => {
    const { context, saved } = await shellWorld({ awsConfig: inAwsConfig({}) });
    const { done, rows } = await list(context);
    expect(rows.headings[0]).toMatch(/AWS CLI/);
    rows.choose('sso');
    await settleUntil(() => saved.length > 0 && screen.input !== undefined);
    expect(saved.map(({ connection }) => connection)).toMatchObject([{ name: 'sso', startUrl, region }]);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([expect.stringContaining('sso')]);
    // It is now one of the connections.
    expect(screen.pick.row('sso')).toMatchObject({ iconPath: new ThemeIcon('plug') });
    await closed(done);
  });

  test('have no heading if the list is empty', async () => {
    const { context } = await shellWorld();
    const { done, rows } = await list(context);
    expect(rows.headings).toHaveLength(1);
    await closed(done);
  });

  test('that are invalid say why, and open the file', async () => {
    const { context } = await shellWorld({ awsConfig: inAwsConfig({ region: '' }) });
    const { done, rows } = await list(context);
    rows.choose(/sso.*sso_region/);
    await done;
    expect(screen.documents).toEqual([file]);
  });
});

describe('manageConnections: a new connection', () => {
  test('each type of connection can be added', async () => {
    const { context } = await shellWorld();
    const { done, rows } = await list(context);
    for (const type of providerTypes) expect(rows.labels).toContain(providerOf({ type }).addTitle());
    await closed(done);
  });

  test('is added in three steps, with the name last, and appears in the list', async () => {
    const { context, saved } = await shellWorld();
    const provider = providerOf({ type: 'identityCenter' });
    const { done, rows } = await list(context);
    rows.choose(provider.addTitle());
    await settleUntil(() => screen.input !== undefined && !('items' in screen.input));
    expect(screen.field).toMatchObject({ title: provider.addTitle(), step: 1, totalSteps: 3 });
    screen.field.submit('https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws');
    await settleUntil(() => screen.input?.step === 3);
    expect(screen.field.value).not.toBe('');
    screen.field.submit('My company');
    await listed();
    expect(saved.map(({ connection }) => connection)).toMatchObject([
      { type: 'identityCenter', name: 'My company', region: 'eu-west-1' },
    ]);
    expect(screen.pick.labels[0]).toBe('My company');
    await closed(done);
  });

  test('Back returns to each previous question with its input, and from the first to the list', async () => {
    const { context, saved } = await shellWorld();
    const { done, rows } = await list(context);
    const start = 'https://d-1234567890.awsapps.com/start';
    rows.choose(providerOf({ type: 'identityCenter' }).addTitle());
    await settleUntil(() => screen.input?.step === 1);
    screen.field.submit(start);
    await settleUntil(() => screen.input?.step === 2);
    screen.pick.press('Back');
    await settleUntil(() => screen.input?.step === 1);
    expect(screen.field.value).toBe(start);
    screen.field.submit(start);
    await settleUntil(() => screen.input?.step === 2);
    screen.pick.choose('Europe (Frankfurt)');
    await settleUntil(() => screen.input?.step === 3);
    screen.field.press('Back');
    await settleUntil(() => screen.input?.step === 2);
    screen.pick.press('Back');
    await settleUntil(() => screen.input?.step === 1);
    screen.field.press('Back');
    await settleUntil(() => screen.input?.title === rows.title);
    await closed(done);
    expect([saved, screen.allMessages]).toEqual([[], []]);
  });

  test('if the start URL contains its Region, Back from the name returns to the start URL', async () => {
    const { context } = await shellWorld();
    const { done, rows } = await list(context);
    rows.choose(providerOf({ type: 'identityCenter' }).addTitle());
    await settleUntil(() => screen.input?.step === 1);
    screen.field.submit('https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws');
    await settleUntil(() => screen.input?.step === 3);
    screen.field.press('Back');
    await settleUntil(() => screen.input?.step === 1);
    screen.field.escape();
    await done;
  });

  test('Escape in a question adds nothing, silently', async () => {
    const { context, saved } = await shellWorld();
    const { done, rows } = await list(context);
    rows.choose(providerOf({ type: 'okta' }).addTitle());
    await settleUntil(() => screen.input !== undefined && !('items' in screen.input));
    screen.field.escape();
    await done;
    expect([saved, screen.allMessages]).toEqual([[], []]);
  });

  test('reports a setting that cannot be written', async () => {
    const world = await shellWorld({ awsConfig: inAwsConfig({}) });
    const settings = await world.context.connectionSettings();
    const saveConnection = async () => Promise.reject(new SignInError('configuration', {}));
    const context = { ...world.context, connectionSettings: async () => ({ ...settings, saveConnection }) };
    const { done, rows } = await list(context);
    rows.choose('sso');
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({ severity: 'error', isModal: false });
    screen.message.answer(undefined);
    await done;
    expect(screen.statusMessages).toEqual([]);
  });
});
