import { beforeEach, describe, expect, test, vi } from 'vitest';
import { pickSignIn } from '../../../../src/shell/signIn/signInPicker.ts';
import { identityCenterConnection, oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const work = { ...identityCenterConnection, name: 'Work' };
const providers = ['AWS IAM Identity Center', 'AWS Builder ID', 'Okta', 'OpenID Connect'];

async function picker(options: Parameters<typeof shellWorld>[0] = {}) {
  const world = await shellWorld(options);
  const done = pickSignIn(world.context);
  await settleUntil(() => screen.input?.title === 'Sign In');
  return { ...world, done };
}

/** As a user who has seen the list for a moment. */
async function choose(label: string): Promise<void> {
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
  screen.pick.choose(label);
  vi.restoreAllMocks();
  await settle();
}

describe('pickSignIn', () => {
  test('lists connections first, then providers, then help', async () => {
    const { done } = await picker({ connections: [oktaConnection, work], stored: [oktaSession] });
    expect(screen.pick.labels).toEqual([
      'Example',
      'Work',
      'Sign in to something else',
      ...providers,
      'Help me choose',
      'Check SSO Setup',
    ]);
    expect(screen.pick.row('Example')).toMatchObject({
      description: 'Okta · example.okta.com',
      detail: 'Signed in as ada@example.com',
    });
    expect(screen.pick.row('Work').detail).toBeUndefined();
    screen.pick.escape();
    expect(await done).toBeUndefined();
  });

  test('has no help if the editor has no walkthroughs, as in Eclipse Theia', async () => {
    screen.editorCommands = [];
    const { done } = await picker();
    expect(screen.pick.labels).toEqual([...providers, 'Check SSO Setup']);
    screen.pick.escape();
    await done;
  });

  test("shows each provider's company", async () => {
    const { done } = await picker();
    expect(screen.pick.labels).toEqual([...providers, 'Help me choose', 'Check SSO Setup']);
    for (const name of providers) expect(screen.pick.row(name).description).toMatch(/^(Work|Personal): /);
    screen.pick.escape();
    await done;
  });

  test("signs in to the selected connection, and resolves to the command's result", async () => {
    const { done, begun } = await picker({ connections: [oktaConnection, work] });
    await choose('Example');
    expect(await done).toMatchObject({
      sessionId: oktaSession.id,
      expiresAt: oktaSession.tokenSet.expiresAt,
    });
    expect(begun).toEqual([{ connection: oktaConnection, request: {} }]);
  });

  test('uses a different account if the provider supports it', async () => {
    const { done, begun } = await picker({ connections: [oktaConnection, work] });
    expect(screen.pick.row('Work').buttons).toEqual([]);
    screen.pick.pressOn('Example', 'Use a Different Account');
    await settleUntil(() => begun.length > 0);
    expect(begun).toEqual([{ connection: oktaConnection, request: { prompt: 'login' } }]);
    await done;
  });

  test('asks for another connection of the selected provider', async () => {
    const { done } = await picker({ connections: [oktaConnection] });
    await choose('Okta');
    await settleUntil(() => screen.input?.title === 'Sign In with Okta');
    expect(screen.field.prompt).toMatch(/issuer/);
    screen.field.escape();
    expect(await done).toBeUndefined();
    expect(screen.allMessages).toEqual([]);
  });

  test('asks nothing for AWS Builder ID', async () => {
    const { done, begun } = await picker();
    await choose('AWS Builder ID');
    await done;
    expect(begun.map(({ connection }) => connection.name)).toEqual(['AWS Builder ID']);
  });

  test.each([
    ['Help me choose', 'workbench.action.openWalkthrough'],
    ['Check SSO Setup', 'developerSignIn.checkSetup'],
  ])('%s', async (label, command) => {
    const { done } = await picker();
    await choose(label);
    await done;
    expect(screen.executed.map(([name]) => name)).toEqual([command]);
  });

  test('offers what the organization allows, and marks the rest', async () => {
    const world = await shellWorld({ connections: [oktaConnection, work] });
    world.allowOnly({
      allowedIssuers: [],
      allowedStartUrls: [work.startUrl],
    });
    const done = pickSignIn(world.context);
    await settleUntil(() => screen.input?.title === 'Sign In');
    expect(screen.pick.labels).toEqual([
      'Work',
      'Not allowed by your organization: Example',
      'Sign in to something else',
      'AWS IAM Identity Center',
      'Help me choose',
      'Check SSO Setup',
    ]);
    await choose('Not allowed by your organization: Example');
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(undefined);
    await done;
    expect(world.begun).toEqual([]);
  });
});
