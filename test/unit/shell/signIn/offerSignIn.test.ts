import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { offerSignIn } from '../../../../src/shell/signIn/offerSignIn.ts';
import { identityCenterConnection, oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => {
  screen.clear();
  screen.state.focused = true;
});

/** A window on a machine whose organization provides `connections`, and requests a sign-in. */
async function window(
  connections: readonly Connection[] = [oktaConnection],
  options: Parameters<typeof shellWorld>[0] = {},
  rules: object = {},
) {
  const world = await shellWorld({ connections, ...options });
  world.allowOnly({ connections, offerSignIn: true, ...rules });
  return world;
}

describe('offerSignIn: the sign-in requested by the organization', () => {
  test('is offered in one message, and completed with one click', async () => {
    const { context, begun } = await window();
    const offered = offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({
      severity: 'information',
      isModal: false,
      message: 'Your organization set up sign-in to Example. Sign in now?',
      buttons: ['Sign In', 'Not Now'],
    });
    screen.message.press(/^Sign In$/);
    await offered;
    expect(begun.map(({ connection }) => connection)).toEqual([oktaConnection]);
  });

  test.each([['Not Now'], [undefined]])('is offered once, whatever the answer: %s', async (answer) => {
    const { context, begun, memento } = await window();
    const offered = offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.answer(answer);
    await offered;
    await offerSignIn(context);
    expect(screen.allMessages).toHaveLength(1);
    expect(begun).toEqual([]);
    expect(memento.get('wasOfferedSignIn')).toBe(true);
  });

  test('is offered once by two concurrent reads', async () => {
    const { context } = await window();
    void offerSignIn(context);
    void offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
    await settleUntil(() => screen.allMessages.length === 1);
    expect(screen.allMessages).toHaveLength(1);
  });

  test('waits for the focused window', async () => {
    const { context } = await window();
    screen.state.focused = false;
    await offerSignIn(context);
    expect(screen.allMessages).toEqual([]);
    screen.state.focused = true;
    void offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
  });

  test('with several connections opens their list', async () => {
    const { context } = await window([oktaConnection, identityCenterConnection]);
    void offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.message).toBe('Your organization set up sign-in for you. Sign in now?');
    screen.message.press(/^Sign In$/);
    await settleUntil(() => screen.input !== undefined && screen.pick.labels.length > 2);
    expect(screen.pick.headings).toContain('From your organization');
    screen.pick.escape();
  });

  test.each([
    ['is not wanted', { offerSignIn: false }],
    ['is to nothing that the organization provides', { connections: [] }],
    ['is to nothing that the organization allows', { allowedIssuers: [] }],
  ])('is not offered if it %s', async (_, rules) => {
    const { context, memento } = await window([oktaConnection], {}, rules);
    await offerSignIn(context);
    expect(screen.allMessages).toEqual([]);
    expect(memento.get('wasOfferedSignIn')).toBeUndefined();
  });

  test('is not offered to a user with an account there, nor after signing out', async () => {
    const { context, memento } = await window([oktaConnection], { stored: [oktaSession] });
    await offerSignIn(context);
    expect(screen.allMessages).toEqual([]);
    expect(memento.get('wasOfferedSignIn')).toBe(true);
  });

  test('is not repeated by a message that was left open', async () => {
    const { context, begun, store } = await window();
    const offered = offerSignIn(context);
    await settleUntil(() => screen.messages.length > 0);
    await store.put(oktaSession);
    screen.message.press(/^Sign In$/);
    await offered;
    expect(begun).toEqual([]);
  });
});
