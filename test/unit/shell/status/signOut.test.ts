import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { builderId } from '../../../../src/core/identityCenter/endpoints.ts';
import { aboutOf } from '../../../../src/core/session/sessionRecord.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { signOut } from '../../../../src/shell/status/signOut.ts';
import { identityCenterSession, january, namedSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);
const shared: Session = { ...identityCenterSession, awsCli: { name: 'work' } };
const atBuilderId: Session = {
  ...identityCenterSession,
  connection: { type: 'identityCenter', name: 'AWS Builder ID', ...builderId },
};

/** Signs out of the only session, after a yes. @returns the messages shown then */
async function signedOut(session: Session, fails?: SignInError) {
  const world = await shellWorld({ stored: [session] });
  world.logoutDoes(async () => {
    if (fails !== undefined) throw fails;
  });
  const done = signOut(world.context, undefined);
  await shown();
  const question = screen.message;
  question.answer('Sign Out');
  await done;
  expect((await world.sessions.list()).sessions).toEqual([]);
  return { question, said: screen.statusMessages.map(({ text }) => text) };
}

describe('signOut: 9: Sign Out', () => {
  test('asks, names what loses access, and changes nothing after a no', async () => {
    const { context, sessions, loggedOut } = await shellWorld({ stored: [identityCenterSession] });
    const done = signOut(context, undefined);
    await shown();
    expect(screen.message).toMatchObject({
      severity: 'warning',
      isModal: true,
      message: 'Sign out of Example?',
      detail: 'Extensions that use this account will lose access.',
      buttons: ['Sign Out'],
    });
    screen.message.answer(undefined);
    await done;
    expect((await sessions.list()).sessions).toHaveLength(1);
    expect(loggedOut).toEqual([]);
    expect(screen.statusMessages).toEqual([]);
  });

  test('04.10: also asks if called with arguments', async () => {
    const { context, sessions } = await shellWorld({ stored: [oktaSession, identityCenterSession] });
    const done = signOut(context, oktaSession.id);
    await shown();
    expect(screen.message.message).toBe('Sign out of ada@example.com?');
    screen.message.answer(undefined);
    await done;
    expect((await sessions.list()).sessions).toHaveLength(2);
  });

  test('does not ask again after another question was answered', async () => {
    const { context, sessions } = await shellWorld({ stored: [identityCenterSession] });
    await signOut(context, identityCenterSession.id, 'yes');
    expect(screen.allMessages).toEqual([]);
    expect((await sessions.list()).sessions).toEqual([]);
  });

  test('says that a read-only disk keeps the encrypted tokens for now', async () => {
    const { context, records } = await shellWorld({ stored: [identityCenterSession] });
    const remove = records.remove.bind(records);
    records.remove = async (id) => ({ ...(await remove(id)), isFileLeft: true });
    await signOut(context, identityCenterSession.id, 'yes');
    expect(screen.allMessages.map(({ message }) => message)).toEqual([
      'You’re signed out, but the encrypted tokens couldn’t be deleted from the storage folder. They’re deleted once the editor can write to it again.',
    ]);
  });

  test.each([
    ['IAM Identity Center', identityCenterSession, 'Signed out of IAM Identity Center in VS Code'],
    ['AWS Builder ID', atBuilderId, 'Signed out of AWS Builder ID in VS Code'],
  ])('reports what was done at %s', async (_, session, words) => {
    const { said } = await signedOut(session);
    expect(said).toEqual([words]);
  });

  test('names the account, not the provider, if another account is still signed in there', async () => {
    const { context } = await shellWorld({ stored: [identityCenterSession, namedSession] });
    await signOut(context, namedSession.id, 'yes');
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Signed out of Admin']);
  });

  test('says before and after that the browser stays signed in to Okta', async () => {
    const { context } = await shellWorld({ stored: [oktaSession] });
    const done = signOut(context, undefined);
    await shown();
    expect(screen.message.detail).toContain('You stay signed in to Okta in your browser.');
    screen.message.answer('Sign Out');
    await done;
    const all = [
      ...screen.statusMessages.map(({ text }) => text),
      ...screen.allMessages.map((one) => one.message),
    ];
    expect(all.join('\n')).toMatch(/of Okta here, but not in your browser|didn’t confirm/);
  });

  describe('a provider where the browser can sign out too', () => {
    const page = 'https://id.example.com/logout';
    const oidcSession: Session = {
      ...oktaSession,
      type: 'oidc',
      connection: { type: 'oidc', name: 'Example', issuer: 'https://id.example.com', clientId: 'app' },
      server: { ...oktaSession.server, issuer: 'https://id.example.com', endSessionEndpoint: page },
    };
    const answering = async (answer: string | undefined) => {
      const world = await shellWorld({ stored: [oidcSession] });
      const done = signOut(world.context, undefined);
      await shown();
      const { buttons, detail } = screen.message;
      expect(world.opened).toEqual([]);
      expect(detail).toContain('in your browser unless you sign out there, too.');
      screen.message.answer(answer);
      await done;
      return { ...world, buttons };
    };

    test('offers it, and opens the browser only then', async () => {
      const { buttons, opened, sessions } = await answering('Sign Out in the Browser Too');
      expect(buttons).toEqual(['Sign Out', 'Sign Out in the Browser Too']);
      expect(opened).toEqual([`${page}?client_id=app`]);
      expect((await sessions.list()).sessions).toEqual([]);
    });

    test('opens nothing after a plain Sign Out', async () => {
      const { opened, sessions } = await answering('Sign Out');
      expect(opened).toEqual([]);
      expect((await sessions.list()).sessions).toEqual([]);
    });

    test('opens nothing after a no', async () => {
      const { opened, sessions } = await answering(undefined);
      expect(opened).toEqual([]);
      expect((await sessions.list()).sessions).toHaveLength(1);
    });

    test('opens nothing if VS Code has asked, which does not have this choice', async () => {
      const { context, opened } = await shellWorld({ stored: [oidcSession] });
      await signOut(context, oidcSession.id, 'yes');
      expect(opened).toEqual([]);
    });
  });

  test('names the AWS CLI if the sign-in is shared', async () => {
    const { context } = await shellWorld({ stored: [shared] });
    const done = signOut(context, undefined);
    await shown();
    expect(screen.message.detail).toMatch(/AWS CLI will also lose access.*\[sso-session work\]/);
    screen.message.answer(undefined);
    await done;
  });

  test('names the terminals, which lose access too', async () => {
    const { context } = await shellWorld({
      stored: [{ ...identityCenterSession, programPlaces: ['laptop'] }],
    });
    const done = signOut(context, undefined);
    await shown();
    expect(screen.message.detail).toMatch(/Programs in the terminal and tasks.*will also lose access\./);
    screen.message.answer(undefined);
    await done;
  });

  test('reports only what the server didn’t confirm', async () => {
    const { said } = await signedOut(identityCenterSession, new SignInError('network'));
    expect(said).toEqual([]);
    expect(screen.message.message).toMatch(
      /^You’re signed out here.* d-1234567890\.awsapps\.com didn’t confirm/,
    );
  });

  test('of an ended session does not mention lost access', async () => {
    const ended: Session = { ...identityCenterSession, ended: { at: january, kind: 'grantRevoked' } };
    const { question, said } = await signedOut(ended);
    expect(question.detail).toBe('This session has ended. The account will be removed from the list.');
    expect(said).toEqual(['Removed Example from the list']);
  });

  test('without a session says so', async () => {
    const { context } = await shellWorld();
    await signOut(context, undefined);
    expect(screen.message.message).toBe('You’re not signed in.');
  });
});

describe('signOut: 12: a lost sign-in', () => {
  async function lostWorld(ui: 'desktop' | 'web' = 'desktop') {
    const remoteName = ui === 'web' ? '127.0.0.1:8080' : undefined;
    const world = await shellWorld({ stored: [identityCenterSession, oktaSession], ui, remoteName });
    world.records.readings.set(oktaSession.id, { state: 'lost', about: aboutOf(oktaSession) });
    const remove = world.records.remove.bind(world.records);
    world.records.remove = async (id) => {
      world.records.readings.delete(id);
      return remove(id);
    };
    return world;
  }

  test.each([
    ['desktop', 'Your saved sign-in is no longer in the system keychain.'],
    ['web', 'Your saved sign-in is no longer in this browser.'],
  ] as const)('is offered by Sign Out with the reason (%s), and forgotten', async (ui, why) => {
    const { context, sessions } = await lostWorld(ui);
    const [lost] = (await sessions.list()).lost;
    const label = lost?.accountName ?? '';
    const done = signOut(context, undefined);
    await shown();
    expect(screen.pick.row(label).detail).toBe(why);
    screen.pick.choose(label);
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toMatch(/can no longer be read here/);
    screen.message.answer('Sign Out');
    await done;
    expect(await sessions.list()).toMatchObject({ sessions: [{ id: identityCenterSession.id }], lost: [] });
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([`Removed ${label} from the list`]);
  });
});
