import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { showActions } from '../../../../src/shell/status/sessionActions.ts';
import { hour, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());
afterEach(() => void vi.restoreAllMocks());

const alive = <S extends Session>(session: S): S => ({
  ...session,
  tokenSet: { ...session.tokenSet, expiresAt: Date.now() + hour },
});
const okta = alive(oktaSession);
const center = alive(identityCenterSession);
const ended: Session = { ...okta, ended: { at: Date.now(), kind: 'grantRevoked', host: 'example.okta.com' } };
const other: Session = { ...okta, id: 'other', account: { ...okta.account, name: 'bob@example.com' } };

/** Opens the actions of one of these sessions. */
async function actionsOf(session: Session, ...stored: readonly Session[]) {
  const world = await shellWorld();
  vi.spyOn(world.sessions, 'list').mockResolvedValue({ sessions: [session, ...stored], lost: [] });
  const done = showActions(world.context, session.id, async () => {});
  await settleUntil(() => screen.input !== undefined);
  const choose = async (label: string): Promise<void> => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000); // The list has been open for a moment.
    screen.pick.choose(label);
    await done;
  };
  const close = async (): Promise<void> => {
    screen.pick.escape();
    await done;
  };
  return { ...world, labels: screen.pick.labels, choose, close };
}

describe('showActions', () => {
  test.each([
    ['at Okta', okta, ['Refresh Token', 'Sign In Again', 'Use a Different Account']],
    ['at IAM Identity Center', center, ['Refresh Token', 'Sign In Again', 'Share with the AWS CLI…']],
    [
      'shared with the AWS CLI',
      { ...center, awsCli: { name: 'work' } },
      ['Refresh Token', 'Sign In Again', 'Stop Sharing with the AWS CLI'],
    ],
    [
      'whose sharing is paused',
      { ...center, awsCli: { name: 'work', paused: 'removed' } },
      ['Refresh Token', 'Sign In Again', 'Sharing with the AWS CLI is paused'],
    ],
  ] as const)('offers what a session %s has', async (_name, session, first) => {
    const { labels, close } = await actionsOf(session);
    const accounts = session.type === 'identityCenter' ? ['Use an AWS Account…'] : [];
    expect(labels).toEqual([
      ...first,
      'Use in Terminal…',
      ...accounts,
      'Details',
      'Copy Diagnostics',
      'Sign Out',
    ]);
    await close();
  });

  test('the details of IAM Identity Center were said to have an issuer and claims, which it has not', async () => {
    for (const [session, hint] of [
      [okta, 'Issuer, scopes, claims, refresh history'],
      [center, 'Start URL, scopes, refresh history'],
    ] as const) {
      const { close } = await actionsOf(session);
      expect(screen.pick.row('Details').description).toBe(hint);
      await close();
    }
  });

  test('Share with the AWS CLI and Use in Terminal had the same icon', async () => {
    for (const session of [okta, center, { ...center, awsCli: { name: 'work' } }]) {
      const { labels, close } = await actionsOf(session);
      const icons = labels.map((label) => screen.pick.row(label).iconPath);
      expect(new Set(icons.map((icon) => JSON.stringify(icon))).size).toBe(labels.length);
      await close();
    }
  });

  test('offers no AWS accounts for AWS Builder ID, which has none', async () => {
    const { labels, close } = await actionsOf({ ...center, connection: builderIdConnection });
    expect(labels.filter((label) => /AWS (Account|Console)/.test(label))).toEqual([]);
    expect(labels).toContain('Share with the AWS CLI…');
    await close();
  });

  test('shows the AWS account of this workspace, and opens its console', async () => {
    const world = await shellWorld();
    vi.spyOn(world.sessions, 'list').mockResolvedValue({ sessions: [center, okta], lost: [] });
    const role = { accountId: '111122223333', roleName: 'Dev', accountName: 'Sandbox', profile: 'x' };
    world.terminals.state.awsAccount = { ...role, sessionId: center.id };
    const done = showActions(world.context, center.id, async () => {});
    await settleUntil(() => screen.input !== undefined);
    const rows = screen.pick.items.filter(({ description }) => description === 'Sandbox · Dev');
    expect(rows.map(({ label }) => label)).toEqual(['Use an AWS Account…', 'Open AWS Console']);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000); // The list has been open for a moment.
    screen.pick.choose('Open AWS Console');
    await done;
    expect(world.opened).toEqual([
      expect.stringMatching(/#\/console\?account_id=111122223333&role_name=Dev$/),
    ]);
    const { labels, close } = await actionsOf(okta);
    expect(labels).not.toContain('Open AWS Console');
    await close();
  });

  test('offers to stop access of terminal programs, also after the session has ended', async () => {
    for (const session of [okta, ended]) {
      const { labels, close } = await actionsOf({ ...session, programPlaces: ['laptop'] });
      expect(labels).toContain('Stop Using in Terminal');
      await close();
    }
    const { labels, close } = await actionsOf({ ...ended, programPlaces: ['desktop'] });
    expect(labels.filter((label) => /terminal/i.test(label))).toEqual([]);
    await close();
  });

  test('for an ended session starts with the reason, and does not refresh it', async () => {
    const { labels, close } = await actionsOf(ended);
    expect(labels[0]).toMatch(/^Ended .*example\.okta\.com/);
    expect(labels).not.toContain('Refresh Token');
    expect(screen.pick.placeholder).toBe('Sign in again to continue');
    await close();
  });

  test('starts with the failure of a refresh that is retried', async () => {
    const world = await shellWorld();
    vi.spyOn(world.sessions, 'list').mockResolvedValue({ sessions: [okta], lost: [] });
    const error = new SignInError('network', { host: 'example.okta.com', code: 'ENOTFOUND' });
    vi.spyOn(world.sessions, 'lastFailure').mockReturnValue({ at: Date.now(), error, failures: 1 });
    const done = showActions(world.context, okta.id, async () => {});
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.labels[0]).toBe('example.okta.com couldn’t be reached (ENOTFOUND).');
    screen.pick.escape();
    await done;
  });

  test.each([
    ['the account is the only one', [], false],
    ['another comes first', [{ ...other, id: '0' }], true],
    ['it comes first of them already', [other], false],
    ['only another provider has one', [center], false],
  ] as const)(
    'offers to set the default account if that changes something: %s',
    async (_name, others, isOffered) => {
      const { labels, close } = await actionsOf(okta, ...others);
      expect(labels.includes('Set as Default Account')).toBe(isOffered);
      await close();
    },
  );

  test('does not offer to set the current default account', async () => {
    const { labels, close } = await actionsOf({ ...okta, preferredAt: 2 }, { ...other, preferredAt: 1 });
    expect(labels).not.toContain('Set as Default Account');
    await close();
  });

  test('lets Okta ask for a different user', async () => {
    const { begun, choose } = await actionsOf(okta);
    await choose('Use a Different Account');
    expect(begun).toMatchObject([{ connection: okta.connection, request: { prompt: 'login' } }]);
  });

  test('reports a successful refresh', async () => {
    const { sessions, choose } = await actionsOf(okta);
    vi.spyOn(sessions, 'refresh').mockResolvedValue(okta);
    await choose('Refresh Token');
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Token refreshed for ada@example.com']);
  });

  test('shows nothing for a session that no longer exists', async () => {
    const { context } = await shellWorld();
    await showActions(context, 'gone', async () => {});
    expect(screen.input).toBeUndefined();
  });
});
