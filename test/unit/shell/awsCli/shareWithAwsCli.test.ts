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
/** What a new sign-in gives; here none is asked for. */
const noSignIn = async (): Promise<Session> => {
  throw new Error('No sign-in was asked for');
};
const shareWithAwsCli = (
  context: ShellContext,
  of: string | undefined,
  signIn: SignInWithScopes = noSignIn,
) => shareWith(context, of, signIn);
const shown = () => settleUntil(() => screen.messages.length > 0);

/** The name a session is shared under, or undefined. */
async function sharedAs(all: Awaited<ReturnType<typeof world>>, of = id): Promise<string | undefined> {
  const { sessions } = await all.sessions.list();
  const found = sessions.find((session) => session.id === of) as IdentityCenterSession | undefined;
  return found?.awsCli?.paused === undefined ? found?.awsCli?.name : undefined;
}

describe('shareWithAwsCli: which sign-in', () => {
  test('says where to sign in first where the AWS CLI can have no sign-in', async () => {
    const { context } = await world({ stored: [oktaSession] });
    await shareWithAwsCli(context, undefined);
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false });
    expect(screen.message.message).toMatch(/IAM Identity Center/);
  });

  test('takes the only one without a question', async () => {
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

  test('shares the one that is chosen', async () => {
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

  test('one that has ended is offered only to stop its sharing', async () => {
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

  test('the id of a session that is gone is said on the screen, and shares no other', async () => {
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
  /** Begins, and answers the question. */
  async function asked(all: Awaited<ReturnType<typeof world>>, answer: RegExp | undefined) {
    const done = shareWithAwsCli(all.context, id);
    await shown();
    const question = screen.message;
    if (answer === undefined) question.answer(undefined);
    else question.press(answer);
    return { done, question };
  }

  test('says what it means before anything is written', async () => {
    const all = await world({ awsConfig: withSection });
    const { done, question } = await asked(all, undefined);
    await done;
    expect(question).toMatchObject({ severity: 'warning', isModal: true });
    expect(question.message).toContain('devbox');
    expect(question.detail).toContain('~/.aws/sso/cache/work.json');
    expect(question.buttons).toEqual(['Sign In Again with Account Access', 'Share Without Account Access']);
    expect([all.awsCli.changes, all.saved, await sharedAs(all)]).toEqual([[], [], undefined]);
    expect(awsCliConsents(all.memento)).toEqual({});
    expect(screen.allMessages).toHaveLength(1); // A no needs no answer.
  });

  test('a yes writes the file, the setting and the consent, and is said in the status bar', async () => {
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

  test('says that a sign-in of the AWS CLI’s own is replaced', async () => {
    const all = await world({ awsConfig: withSection });
    const first = await asked(all, undefined);
    await first.done;
    all.awsCli.files.set('work', { clientId: 'of-the-cli', writtenAt: 0 } as never);
    const { done, question } = await asked(all, undefined);
    await done;
    expect(question.detail).not.toBe(first.question.detail);
    expect(question.detail).toContain(first.question.detail.split('\n')[0]);
  });

  test('a cache that cannot be read does not stop the question', async () => {
    const all = await world({ awsConfig: withSection });
    const place = await all.context.awsCliPaths();
    const found = async () => Promise.reject(new Error('EACCES'));
    const context = { ...all.context, awsCliPaths: async () => ({ ...place, found }) };
    const { done, question } = await asked({ ...all, context }, undefined);
    await done;
    expect(question.isModal).toBe(true);
  });

  test('without a section, one is added after a yes that shows its lines, and no profile', async () => {
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

  test('a section that came meanwhile is not added a second time', async () => {
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
    { trouble: 'EACCES' },
    { problems: [{ line: 1, reason: 'encoding' }] },
  ])(
    'a file that no line can be added to is left alone, and the section can be copied: %j',
    async (found) => {
      const all = await world({ awsConfig: { file: '/home/ada/.aws/config', sections: [], ...found } });
      const { done } = await asked(all, /share/i);
      await shown();
      expect(screen.message).toMatchObject({ isModal: false, buttons: ['Copy'] });
      screen.message.answer('Copy');
      await done;
      expect(screen.clipboard).toContain(`[sso-session example]\nsso_start_url = ${startUrl}\n`);
      expect(all.terminals.config.text).toBe('');
    },
  );

  test('a section that cannot be written is told with its file', async () => {
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
    ['Copy', '[sso-session example]', 'Copied. Add the section to ~/.aws/config'],
    // Short: the status bar of a narrow window cut off what was not done.
    [undefined, '', 'Section not added. Shared as example'],
  ])('%s adds nothing, and the session is shared', async (answer, copied, said) => {
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

  test('does not ask where the organization does not allow it', async () => {
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
  ])('a file that cannot be written is named; a choice that was %s', async (_, before, choice) => {
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

  test('a session without account access can sign in again for it, and the connection keeps the scope', async () => {
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

  test('its section asks for account access too, when the AWS CLI signs in by itself', async () => {
    const all = await world({ stored: [withAccess] });
    const done = shareWithAwsCli(all.context, id);
    await shown();
    screen.message.answer('Share');
    await shown();
    expect(screen.message.detail).toMatch(/^sso_registration_scopes = .*,sso:account:access$/m);
    screen.message.answer(undefined);
    await done;
  });

  test('who signs in again as another account is asked for that one', async () => {
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
  ])('ends with the command that works with the profile that is there: %j', async (found, command) => {
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
  ])('a profile %s is not named: the AWS CLI makes one', async (_, found) => {
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

  test('without a profile, an AWS account can be chosen for one', async () => {
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

describe('shareWithAwsCli: a sign-in that is shared', () => {
  test('asks whether to stop, and names the file that goes', async () => {
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

  test('a yes takes the setting, the consent and the mark back', async () => {
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

describe('shareWithAwsCli: a sign-in whose sharing is paused', () => {
  test.each([
    [/again/i, 'work'],
    [/stop/i, undefined],
    [undefined, undefined],
  ])('asks what to do, and %s does that', async (answer, as) => {
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
  test('is refused where the organization has forbidden it since', async () => {
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
  ])('%s of a session that is gone by now is not told as a file that cannot be written', async (_, act) => {
    const { context } = await world({ stored: [] });
    expect(await rejectionOf(act(context, paused))).toMatchObject({ kind: 'signInNeeded' });
  });
});

describe('stopSharing', () => {
  test('takes the choice out of the connection as the settings have it now', async () => {
    const all = await world({ stored: [shared], connections: [{ ...configured, name: 'Renamed' }] });
    await stopSharing(all.context, shared);
    expect(all.saved.map((one) => one.connection.name)).toEqual(['Renamed']);
  });
});

describe('warnTokenFileNotRemoved', () => {
  test('names the file and its machine, and waits for no answer', async () => {
    const { context } = await world();
    await warnTokenFileNotRemoved(context, 'work');
    await settle();
    expect(screen.message).toMatchObject({ severity: 'warning', isModal: false, buttons: ['OK'] });
    expect(screen.message.message).toMatch(/~\/\.aws\/sso\/cache\/work\.json.*devbox/);
  });
});
