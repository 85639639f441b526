import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defined } from '../../../../src/core/defined.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { builderIdConnection } from '../../../../src/shell/providers/builderId.ts';
import { useAwsAccount } from '../../../../src/shell/terminal/useAwsAccount.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscodeOnScreen.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

beforeEach(() => {
  screen.clear();
  workspace.trust(true);
});

const center: Session = {
  ...identityCenterSession,
  tokenSet: { ...identityCenterSession.tokenSet, scopes: ['sso:account:access'] },
  programPlaces: ['laptop'],
};
const scopes = [...identityCenterSession.tokenSet.scopes, 'sso:account:access'];
/** The result of a new sign-in. */
const granted: Session = { ...center, tokenSet: { ...center.tokenSet, scopes } };
const accountList = [
  { accountId: '444455556666', accountName: 'Production', emailAddress: 'p@x.example' },
  { accountId: '111122223333', accountName: 'Development', emailAddress: 'd@x.example' },
];

async function world(...stored: readonly Session[]) {
  const all = await shellWorld({ stored, signIn: async () => granted });
  const terminals = fakeTerminals();
  const http = async (url: string) =>
    Response.json(
      url.includes('/assignment/accounts')
        ? { accountList, nextToken: null }
        : { roleList: [{ roleName: 'Developer' }, { roleName: 'ReadOnly' }], nextToken: null },
    );
  const opened: string[] = [];
  const openInBrowser = async (address: string) => opened.push(address) > 0;
  return { ...all, terminals, opened, context: { ...all.context, terminals, http, openInBrowser } };
}

async function answer(button: string | undefined) {
  await settleUntil(() => screen.messages.length > 0);
  const { message } = screen;
  message.answer(button);
  return message;
}

async function pick(label: string) {
  await settleUntil(() => screen.input !== undefined);
  const labels = screen.pick.labels;
  screen.pick.choose(label);
  return labels;
}

describe('useAwsAccount', () => {
  test('lists accounts and roles, adds the profile after a yes that shows its lines, and offers the console', async () => {
    const { context, terminals, opened } = await world(center, oktaSession);
    const done = useAwsAccount(context, undefined);
    expect(await pick('Development')).toEqual(['Development', 'Production']);
    await settleUntil(() => screen.input !== undefined);
    expect(await pick('ReadOnly')).toEqual(['Developer', 'ReadOnly']);
    const { message, detail } = await answer('Add');
    expect(message).toBe('Add this profile to ~/.aws/config?');
    expect(detail).toMatch(
      /^\[profile development-readonly\]\nregion = eu-central-1\n# sso-token works only in terminals.+\ncredential_process = sso-token /,
    );
    await answer('Open AWS Console');
    await done;
    expect(terminals.config.text).toBe(`${detail}\n`);
    expect(terminals.accounts).toEqual([
      {
        accountId: '111122223333',
        accountName: 'Development',
        roleName: 'ReadOnly',
        sessionId: center.id,
        profile: 'development-readonly',
      },
    ]);
    expect(opened).toEqual([
      'https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=ReadOnly',
    ]);
  });

  test('the profile calls sso-token by its name on this system', async () => {
    const { context, terminals } = await world(center);
    const onWindows = { ...context, terminals: { ...terminals, command: async () => 'sso-token.cmd' } };
    const done = useAwsAccount(onWindows, { accountId: '111122223333', roleName: 'ReadOnly' });
    await answer('Add');
    await answer(undefined);
    await done;
    expect(terminals.config.text).toMatch(/^credential_process = sso-token\.cmd [\w.@-]+ --aws/m);
  });

  test('writes nothing without a yes, and does not change new terminals', async () => {
    const { context, terminals } = await world(center);
    const given = { accountId: '111122223333', roleName: 'ReadOnly' };
    const done = useAwsAccount(context, given);
    await answer(undefined);
    await done;
    expect({ text: terminals.config.text, accounts: terminals.accounts }).toEqual({ text: '', accounts: [] });
  });

  test('does not ask for given values, and adds no profile twice', async () => {
    const { context, terminals } = await world(center);
    const given = { sessionId: center.id, accountId: '111122223333', roleName: 'ReadOnly' };
    for (const answers of [['Add', undefined], [undefined]]) {
      const done = useAwsAccount(context, given);
      for (const one of answers) await answer(one);
      await done;
    }
    expect(terminals.config.text.match(/\[profile/g)).toHaveLength(1);
    expect(terminals.accounts).toHaveLength(2);
  });

  test('after sharing with the AWS CLI, replaces the profile after a question instead of adding one', async () => {
    const given = { sessionId: center.id, accountId: '111122223333', roleName: 'ReadOnly' };
    const { context, terminals } = await world({ ...center, awsCli: { name: 'work' } });
    terminals.config.text =
      '[profile development-readonly]\ncredential_process = sso-token "x" --aws-credentials --account 111122223333 --role ReadOnly\n';
    const done = useAwsAccount(context, given);
    const { message, detail } = await answer('Replace');
    await answer(undefined);
    await done;
    expect(message).toBe('Replace the profile development-readonly in ~/.aws/config with these lines?');
    expect(detail).toMatch(/^\[profile development-readonly\]\nsso_session = work\n/);
    expect(terminals.config.text).toBe(`${detail}\n`);
  });

  test.each([{ accountId: '999999999999' }, { accountId: '111122223333', roleName: 'Admin' }])(
    'reports that the user does not have %j',
    async (given) => {
      const { context, terminals } = await world(center);
      const done = useAwsAccount(context, given);
      expect((await answer(undefined)).message).toMatch(/don’t have access/);
      await done;
      expect(terminals.accounts).toEqual([]);
    },
  );

  test('offers a sign-in if the portal no longer knows the session, and continues afterwards', async () => {
    const { context, terminals, begun } = await world(center);
    const http = async (url: string) =>
      begun.length === 0 ? Response.json({ message: 'x' }, { status: 401 }) : context.http(url);
    const given = { sessionId: center.id, accountId: '111122223333', roleName: 'ReadOnly' };
    Object.assign(context.sessions, {
      refresh: async () => {
        throw new SignInError('grantRevoked', { operation: 'refresh' });
      },
    });
    const done = useAwsAccount({ ...context, http }, given);
    expect((await answer('Sign In Again')).buttons).toEqual(['Sign In Again', 'Show Log']);
    expect((await answer('Add')).message).toMatch(/^Add this profile/);
    await answer(undefined);
    await done;
    expect(begun).toMatchObject([{ connection: center.connection }]);
    expect(terminals.accounts).toMatchObject([{ roleName: 'ReadOnly' }]);
  });

  test('continues with the accounts right after a yes for the terminals, without waiting for a message', async () => {
    const { programPlaces: _none, ...unshared } = center;
    const { context, terminals } = await world(unshared);
    const done = useAwsAccount(context, { accountId: '111122223333', roleName: 'ReadOnly' });
    expect((await answer('Allow')).message).toMatch(/^Let programs in the terminal use/);
    expect((await answer('Add')).message).toMatch(/^Add this profile/);
    await answer(undefined);
    await done;
    expect(terminals.accounts).toMatchObject([{ roleName: 'ReadOnly' }]);
    expect(_none).toEqual(['laptop']);
  });

  test.each<readonly [string, object]>([
    ['not shared', { programPlaces: undefined }],
    ['shared on this computer before', {}],
    ['shared with the AWS CLI', { awsCli: { name: 'work' } }],
  ])('says where the terminals run, and chooses nothing there, for a sign-in %s', async (_, more) => {
    const { programPlaces, ...rest } = { ...center, ...more };
    const { context, terminals } = await world({ ...rest, ...defined({ programPlaces }) });
    Object.assign(context.editorEnvironment, { remoteName: 'ssh-remote', runs: 'ui' });
    const done = useAwsAccount(context, undefined);
    expect((await answer(undefined)).message).toMatch(/run on another computer \(ssh-remote\)/);
    await done;
    expect(terminals.accounts).toEqual([]);
  });

  test('says in Restricted Mode that terminals get it once the workspace is trusted', async () => {
    const { context, terminals } = await world(center);
    workspace.trust(false);
    const done = useAwsAccount(context, { accountId: '111122223333', roleName: 'ReadOnly' });
    await answer('Add');
    expect((await answer(undefined)).message).toMatch(/^Terminals can’t get a token in Restricted Mode\./);
    await done;
    expect(terminals.accounts).toMatchObject([{ roleName: 'ReadOnly' }]);
  });

  test('asks first whether the terminals may use the sign-in, and ends on a no', async () => {
    const { programPlaces: _none, ...unshared } = center;
    const { context, terminals } = await world(unshared);
    const done = useAwsAccount(context, undefined);
    expect((await answer(undefined)).message).toMatch(/^Let programs in the terminal use/);
    await done;
    expect(terminals.accounts).toEqual([]);
    expect(_none).toEqual(['laptop']);
  });

  test('does not list accounts for AWS Builder ID, and says where they come from', async () => {
    const { context, begun } = await world(oktaSession, {
      ...identityCenterSession,
      connection: builderIdConnection,
    });
    await useAwsAccount(context, undefined);
    expect(screen.message.message).toMatch(/need a sign-in with IAM Identity Center/);
    expect(begun).toEqual([]);
  });
});
