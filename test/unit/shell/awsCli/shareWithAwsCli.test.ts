import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection, IdentityCenterConnection } from '../../../../src/core/connection/connection.ts';
import type { IdentityCenterSession, Session } from '../../../../src/core/session/session.ts';
import type { ShellContext } from '../../../../src/shell/context.ts';
import type { SsoSessionsFound } from '../../../../src/features/ssoSession.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { awsCliConsents } from '../../../../src/shell/awsCli/awsCliConsents.ts';
import {
  resumeSharing,
  shareWithAwsCli as shareWith,
  stopSharing,
  warnTokenFileNotRemoved,
} from '../../../../src/shell/awsCli/shareWithAwsCli.ts';
import type { SignInWithScopes } from '../../../../src/shell/awsCli/shareWithAwsCli.ts';
import { identityCenterConnection, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { id, connection } = identityCenterSession;
const { startUrl, region } = connection;
const section = { name: 'work', startUrl, region, scopes: [] };
const withSection: SsoSessionsFound = { file: '/home/ada/.aws/config', sections: [section] };
const shared: IdentityCenterSession = { ...identityCenterSession, awsCli: { name: 'work' } };
const paused: IdentityCenterSession = {
  ...identityCenterSession,
  awsCli: { name: 'work', paused: 'removed' },
};
const configured: IdentityCenterConnection = { ...identityCenterConnection, name: 'Work', awsCli: 'work' };

interface Given {
  readonly stored?: readonly Session[];
  readonly connections?: readonly Connection[];
  readonly awsConfig?: SsoSessionsFound;
}

const world = ({ stored = [identityCenterSession], ...rest }: Given = {}) => shellWorld({ stored, ...rest });
/** The result of a new sign-in; none is expected here. */
const noSignIn = async (): Promise<Session> => {
  throw new Error('No sign-in was asked for');
};
const shareWithAwsCli = (
  context: ShellContext,
  of: string | undefined,
  signIn: SignInWithScopes = noSignIn,
) => shareWith(context, of, signIn);
const shown = () => settleUntil(() => screen.messages.length > 0);

/** The name under which a session is shared, or undefined. */
async function sharedAs(all: Awaited<ReturnType<typeof world>>, of = id): Promise<string | undefined> {
  const { sessions } = await all.sessions.list();
  const found = sessions.find((session) => session.id === of) as IdentityCenterSession | undefined;
  return found?.awsCli?.paused === undefined ? found?.awsCli?.name : undefined;
}

describe('shareWithAwsCli: which sign-in', () => {
  test('says where to sign in first if no sign-in suits the AWS CLI', async () => {
    const { context } = await world({ stored: [oktaSession] });
    await shareWithAwsCli(context, undefined);
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    expect(screen.message.message).toMatch(/IAM Identity Center/);
  });

  test('uses the only one without a question', async () => {
    const { context } = await world({ stored: [identityCenterSession, oktaSession] });
    const done = shareWithAwsCli(context, undefined);
    await shown();
    expect(screen.message.isModal).toBe(true);
    screen.message.answer(undefined);
    await done;
  });

  test('asks which of several, and Escape does nothing', async () => {
    const second = { ...identityCenterSession, id: '1'.repeat(32) };
    const all = await world({ stored: [identityCenterSession, second] });
    const done = shareWithAwsCli(all.context, undefined);
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.items).toHaveLength(2);
    screen.pick.escape();
    await done;
    expect(screen.allMessages).toEqual([]);
    expect(await sharedAs(all)).toBeUndefined();
  });

  test('shares the selected one', async () => {
    const second = {
      ...identityCenterSession,
      id: '1'.repeat(32),
      connection: { ...connection, name: 'Second', region: 'us-east-1' },
      account: { id: 'aws second', label: 'second' },
    };
    const all = await world({ stored: [identityCenterSession, second] });
    const done = shareWithAwsCli(all.context, undefined);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose(/^Second$/);
    await shown();
    screen.message.press(/share/i);
    await settleUntil(() => all.awsCli.changes.length > 0);
    await shown();
    expect(screen.message.detail).toMatch(/^\[sso-session second\]\n/);
    screen.message.answer(undefined);
    await done;
    expect([await sharedAs(all), await sharedAs(all, second.id)]).toEqual([undefined, 'second']);
  });

  test('offers an ended one only to stop its sharing', async () => {
    const ended = { at: 1, kind: 'grantRevoked' } as const;
    const { context } = await world({ stored: [{ ...identityCenterSession, ended }] });
    await shareWithAwsCli(context, undefined);
    expect(screen.message.isModal).toBe(false);
    screen.clear();
    const other = await world({ stored: [{ ...shared, ended }] });
    const done = shareWithAwsCli(other.context, undefined);
    await shown();
    expect(screen.message).toMatchObject({ isModal: true, buttons: [expect.stringMatching(/stop/i)] });
    screen.message.answer(undefined);
    await done;
  });

  test('reports the ID of an unknown session, and shares no other', async () => {
    const all = await world();
    const done = shareWithAwsCli(all.context, '9'.repeat(32));
    await shown();
    expect(screen.message).toMatchObject({ severity: 'error', isModal: false });
    screen.message.answer(undefined);
    await done;
    expect(await sharedAs(all)).toBeUndefined();
  });
});

describe('shareWithAwsCli: a sign-in that is not shared', () => {
  /** Runs the command, and answers the question. */
  async function asked(all: Awaited<ReturnType<typeof world>>, answer: RegExp | undefined) {
    const done = shareWithAwsCli(all.context, id);
    await shown();
    const question = screen.message;
    if (answer === undefined) question.answer(undefined);
    else question.press(answer);
    return { done, question };
  }

  test('explains the consequences before anything is written', async () => {
    const all = await world({ awsConfig: withSection });
    const { done, question } = await asked(all, undefined);
    await done;
    expect(question).toMatchObject({ severity: 'warning', isModal: true });
    expect(question.message).toContain('devbox');
    expect(question.detail).toContain('~/.aws/sso/cache/work.json');
    expect(question.buttons).toEqual(['Sign In Again with Account Access', 'Share Without Account Access']);
    expect([all.awsCli.changes, all.saved, await sharedAs(all)]).toEqual([[], [], undefined]);
    expect(awsCliConsents(all.memento)).toEqual({});
    expect(screen.allMessages).toHaveLength(1); // A no needs no confirmation.
  });

  test('a yes writes the file, the setting and the consent, and is shown in the status bar', async () => {
    const all = await world({ awsConfig: withSection, connections: [configured] });
    const { done } = await asked(all, /share/i);
    await done;
    expect(all.awsCli.files.get('work')).toMatchObject({ accessToken: 'access-1' });
    expect(await sharedAs(all)).toBe('work');
    expect(all.saved.map((one) => one.connection)).toEqual([configured]);
    expect(Object.values(awsCliConsents(all.memento))).toEqual(['work']);
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([expect.stringContaining('work')]);
    expect(screen.allMessages).toHaveLength(1);
  });

  test('says that a sign-in by the AWS CLI itself is replaced', async () => {
    const all = await world({ awsConfig: withSection });
    const first = await asked(all, undefined);
    await first.done;
    all.awsCli.files.set('work', { clientId: 'of-the-cli', writtenAt: 0 } as never);
    const { done, question } = await asked(all, undefined);
    await done;
    expect(question.detail).not.toBe(first.question.detail);
    expect(question.detail).toContain(first.question.detail.split('\n')[0]);
  });

  test('an unreadable cache does not prevent the question', async () => {
    const all = await world({ awsConfig: withSection });
    const place = await all.context.awsCliPaths();
    const found = async () => Promise.reject(new Error('EACCES'));
    const context = { ...all.context, awsCliPaths: async () => ({ ...place, found }) };
    const { done, question } = await asked({ ...all, context }, undefined);
    await done;
    expect(question.isModal).toBe(true);
  });

  test('adds a missing section after a yes that shows its lines, and no profile', async () => {
    const all = await world({ connections: [{ ...identityCenterConnection, name: 'My Company' }] });
    const { done } = await asked(all, /share/i);
    await shown();
    expect(screen.message).toMatchObject({
      severity: 'information',
      isModal: true,
      message: 'Add this section to ~/.aws/config?',
      buttons: ['Add', 'Copy'],
    });
    const { detail } = screen.message;
    expect(detail.split('\n')).toEqual([
      '[sso-session my-company]',
      `sso_start_url = ${startUrl}`,
      `sso_region = ${region}`,
      'sso_registration_scopes = codewhisperer:completions,codewhisperer:conversations',
    ]);
    screen.message.answer('Add');
    await done;
    expect(all.terminals.config.text).toBe(`${detail}\n`);
    expect(screen.statusMessages.at(-1)?.text).toContain('my-company');
  });

  test('does not add a section that was created meanwhile', async () => {
    const all = await world();
    let sections: SsoSessionsFound['sections'] = [];
    const ssoSessions = async () => ({ file: '/home/ada/.aws/config', sections });
    const { done } = await asked({ ...all, context: { ...all.context, ssoSessions } }, /share/i);
    await shown();
    sections = [{ ...section, name: 'example' }];
    screen.message.answer('Add');
    await done;
    expect(all.terminals.config.text).toBe('');
  });

  test.each<Partial<SsoSessionsFound>>([
    { errorCode: 'EACCES' },
    { problems: [{ line: 1, reason: 'encoding' }] },
  ])('leaves a file unchanged that cannot be extended, and offers to copy the section: %j', async (found) => {
    const all = await world({ awsConfig: { file: '/home/ada/.aws/config', sections: [], ...found } });
    const { done } = await asked(all, /share/i);
    await shown();
    expect(screen.message).toMatchObject({ isModal: false, buttons: ['Copy'] });
    screen.message.answer('Copy');
    await done;
    expect(screen.clipboard).toContain(`[sso-session example]\nsso_start_url = ${startUrl}\n`);
    expect(all.terminals.config.text).toBe('');
  });

  test('reports the file if a section cannot be written', async () => {
    const all = await world();
    all.terminals.config.fails = Object.assign(new Error('read-only'), { code: 'EROFS' });
    const { done } = await asked(all, /share/i);
    await shown();
    screen.message.answer('Add');
    await shown();
    expect(screen.message).toMatchObject({ severity: 'error' });
    expect(screen.message.message).toMatch(/\.aws\/config.*EROFS/s);
    screen.message.answer(undefined);
    await done;
    expect(await sharedAs(all)).toBe('example');
  });

  test.each([
    ['Copy', '[sso-session example]', 'Copied. Add the section to ~/.aws/config.'],
    // Short: a narrow window's status bar truncated what was not done.
    [undefined, '', 'Section not added. Shared as example.'],
  ])('%s adds nothing, and shares the session', async (answer, copied, said) => {
    const all = await world();
    const { done } = await asked(all, /share/i);
    await shown();
    screen.message.answer(answer);
    await done;
    expect(screen.clipboard.split('\n')[0]).toBe(copied);
    expect([all.terminals.config.text, await sharedAs(all)]).toEqual(['', 'example']);
    expect(screen.statusMessages.at(-1)?.text).toBe(said);
    expect(screen.allMessages).toHaveLength(2);
  });

  test('does not ask if the organization does not allow it', async () => {
    const all = await world();
    all.allowOnly({ allowCliCache: false });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    expect(screen.message).toMatchObject({ severity: 'error', isModal: false });
    screen.message.answer(undefined);
    await done;
    expect(all.awsCli.changes).toEqual([]);
  });

  test.each([
    ['not there before', identityCenterConnection, undefined],
    ['of other machines too, and was taken out for all of them', configured, 'work'],
  ])('reports the file that cannot be written; a previous choice was %s', async (_, before, choice) => {
    const all = await world({ awsConfig: withSection, connections: [before] });
    all.awsCli.fails = { write: Object.assign(new Error('read-only'), { code: 'EROFS' }) };
    const { done } = await asked(all, /share/i);
    await shown();
    expect(screen.message).toMatchObject({ severity: 'error', isModal: false });
    expect(screen.message.message).toMatch(/~\/\.aws\/sso\/cache\/work\.json/);
    expect(screen.message.message).toContain('EROFS');
    screen.message.answer(undefined);
    await done;
    expect(all.saved.map((one) => (one.connection as IdentityCenterConnection).awsCli)).toEqual([
      'work',
      choice,
    ]);
    expect(awsCliConsents(all.memento)).toEqual({});
    expect(await sharedAs(all)).toBeUndefined();
  });
});

describe('shareWithAwsCli: until a command works', () => {
  const scopes = [...identityCenterSession.tokenSet.scopes, 'sso:account:access'];
  const withAccess: IdentityCenterSession = {
    ...identityCenterSession,
    tokenSet: { ...identityCenterSession.tokenSet, scopes },
  };
  const signInAgain = () => screen.message.answer('Sign In Again with Account Access');
  const profile = { name: 'dev', ssoSession: 'work', hasRegion: true };

  test('signs in again to a session without account access, and adds the scope to the connection', async () => {
    const all = await world({ awsConfig: withSection, connections: [identityCenterConnection] });
    const asked: unknown[] = [];
    const done = shareWithAwsCli(all.context, id, async (_context, session, wanted) => {
      asked.push([session.id, wanted, [...all.saved]]);
      await all.store.put(withAccess);
      return withAccess;
    });
    await shown();
    expect(screen.message.detail).toMatch(/needs the scope sso:account:access/);
    signInAgain();
    await shown();
    screen.message.answer(undefined);
    await done;
    expect(asked).toEqual([[id, ['sso:account:access'], []]]);
    expect(await sharedAs(all)).toBe('work');
    expect(all.saved.map((one) => one.connection)).toEqual([
      {
        ...identityCenterConnection,
        scopes: ['codewhisperer:completions', 'codewhisperer:conversations', 'sso:account:access'],
        awsCli: 'work',
      },
    ]);
  });

  test('adds account access to the section too, for sign-ins by the AWS CLI itself', async () => {
    const all = await world({ stored: [withAccess] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.answer('Share');
    await shown();
    expect(screen.message.detail).toMatch(/^sso_registration_scopes = .*,sso:account:access$/m);
    screen.message.answer(undefined);
    await done;
  });

  test('asks whether a sign-in with a different account was intended', async () => {
    const other: IdentityCenterSession = {
      ...withAccess,
      id: '2'.repeat(32),
      account: { id: 'aws other', label: 'Other' },
    };
    const all = await world({ awsConfig: withSection });
    const done = shareWithAwsCli(all.context, id, async () => {
      await all.store.put(other);
      return other;
    });
    await shown();
    signInAgain();
    await shown();
    expect(screen.message).toMatchObject({ isModal: true, buttons: ['Share'] });
    screen.message.answer(undefined);
    await done;
    expect([await sharedAs(all), await sharedAs(all, other.id), all.saved]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  test.each([
    ['that the server gave without the scope', async () => identityCenterSession],
    ['that was given up', async () => Promise.reject(new SignInError('cancelled'))],
  ])('a sign-in %s shares nothing', async (_, signIn) => {
    const all = await world({ awsConfig: withSection });
    const done = shareWithAwsCli(all.context, id, signIn);
    await shown();
    signInAgain();
    await done;
    expect([await sharedAs(all), all.saved, screen.allMessages.length]).toEqual([undefined, [], 1]);
  });

  test('AWS Builder ID has no accounts to sign in again for', async () => {
    const builder = { ...identityCenterSession, connection: builderIdConnection };
    const all = await world({ stored: [builder] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    expect(screen.message).toMatchObject({ buttons: ['Share'] });
    expect(screen.message.detail).toMatch(/Builder ID has no AWS accounts/);
    screen.message.answer(undefined);
    await done;
  });

  test.each([
    [{ ...profile }, 'aws sts get-caller-identity --profile dev'],
    [{ ...profile, name: 'Acme dev' }, 'aws sts get-caller-identity --profile "Acme dev"'],
    [{ ...profile, hasRegion: false }, `aws sts get-caller-identity --profile dev --region ${region}`],
  ])('ends with the command for the existing profile: %j', async (found, command) => {
    const all = await world({ stored: [withAccess], awsConfig: { ...withSection, profiles: [found] } });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.answer('Share');
    await shown();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    expect(screen.message.message).toContain(command);
    screen.message.answer('Copy Command');
    await done;
    expect(screen.clipboard).toBe(command);
  });

  test.each([
    ['of another session', { ...profile, ssoSession: 'other' }],
    ['with a name that a shell would read otherwise', { ...profile, name: 'a$(b)' }],
    ['with a name that reads as an option', { ...profile, name: '--no-sign-request' }],
  ])('does not name a profile %s: the AWS CLI creates one', async (_, found) => {
    const all = await world({ stored: [withAccess], awsConfig: { ...withSection, profiles: [found] } });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.answer('Share');
    await shown();
    expect(screen.message.message).toMatch(/enter work as the session name/);
    screen.message.answer('Copy Command');
    await done;
    expect(screen.clipboard).toBe('aws configure sso');
  });

  test('offers to choose an AWS account for a missing profile', async () => {
    const all = await world({ stored: [withAccess], awsConfig: withSection });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.answer('Share');
    await shown();
    screen.message.answer('Use an AWS Account…');
    await done;
    expect(screen.executed).toEqual([['developerSignIn.useAwsAccount', { sessionId: id }]]);
  });
});

describe('shareWithAwsCli: a shared sign-in', () => {
  test('asks whether to stop, and names the file to be removed', async () => {
    const all = await world({ stored: [shared] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    expect(screen.message).toMatchObject({
      severity: 'information',
      isModal: true,
      buttons: [expect.stringMatching(/stop/i)],
      detail: expect.stringContaining('~/.aws/sso/cache/work.json') as string,
    });
    screen.message.answer(undefined);
    await done;
    expect([await sharedAs(all), screen.allMessages.length]).toEqual(['work', 1]);
  });

  test('a yes removes the setting, the consent and the mark', async () => {
    const all = await world({ stored: [shared], connections: [configured] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.press(/stop/i);
    await done;
    expect(await sharedAs(all)).toBeUndefined();
    expect(all.saved.map((one) => one.connection)).toEqual([{ ...identityCenterConnection, name: 'Work' }]);
    expect(screen.statusMessages).toHaveLength(1);
  });
});

describe('shareWithAwsCli: a paused sign-in', () => {
  test.each([
    [/again/i, 'work'],
    [/stop/i, undefined],
    [undefined, undefined],
  ])('asks what to do, and %s does so', async (answer, as) => {
    const all = await world({ stored: [paused], connections: [configured] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    expect(screen.message).toMatchObject({ severity: 'warning', isModal: true });
    expect(screen.message.buttons).toHaveLength(2);
    if (answer === undefined) screen.message.answer(undefined);
    else screen.message.press(answer);
    await done;
    expect(await sharedAs(all)).toBe(as);
    expect(all.awsCli.files.has('work')).toBe(as !== undefined);
    const { sessions } = await all.sessions.list();
    const mark = sessions.map((one) => (one as IdentityCenterSession).awsCli?.paused);
    expect(mark).toEqual([answer === undefined ? 'removed' : undefined]);
    expect(screen.allMessages).toHaveLength(1);
  });
});

describe('resumeSharing', () => {
  test('is rejected if the organization has forbidden it meanwhile', async () => {
    const all = await world({ stored: [paused] });
    all.allowOnly({ allowCliCache: false });
    expect(await rejectionOf(resumeSharing(all.context, paused))).toMatchObject({
      kind: 'blockedByOrganization',
    });
    expect(all.awsCli.changes).toEqual([]);
  });
});

describe('resumeSharing, stopSharing', () => {
  test.each([
    ['resumeSharing', resumeSharing],
    ['stopSharing', stopSharing],
  ])('%s for a session that no longer exists is not reported as an unwritable file', async (_, act) => {
    const { context } = await world({ stored: [] });
    expect(await rejectionOf(act(context, paused))).toMatchObject({ kind: 'signInNeeded' });
  });
});

describe('stopSharing', () => {
  test('removes the choice from the connection in the current settings', async () => {
    const all = await world({ stored: [shared], connections: [{ ...configured, name: 'Renamed' }] });
    await stopSharing(all.context, shared);
    expect(all.saved.map((one) => one.connection.name)).toEqual(['Renamed']);
  });
});

describe('warnTokenFileNotRemoved', () => {
  test('names the file and its machine, and does not wait for a response', async () => {
    const { context } = await world();
    await warnTokenFileNotRemoved(context, 'work');
    await settle();
    expect(screen.message).toMatchObject({ severity: 'warning', isModal: false, buttons: ['OK'] });
    expect(screen.message.message).toMatch(/~\/\.aws\/sso\/cache\/work\.json.*devbox/);
  });
});
