import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { consoleAddress, openAwsConsole } from '../../../../src/shell/terminal/openAwsConsole.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const center: Session = {
  ...identityCenterSession,
  tokenSet: { ...identityCenterSession.tokenSet, scopes: ['sso:account:access'] },
};
const role = { accountId: '111122223333', roleName: 'ReadOnly' };
const account = { ...role, accountName: 'Development', profile: 'dev', sessionId: center.id };
const address = 'https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=ReadOnly';

async function world(stored: readonly Session[], chosen?: typeof account) {
  const all = await shellWorld({ stored });
  all.terminals.state.awsAccount = chosen;
  const asked: string[] = [];
  const http = async (url: string) => {
    asked.push(url);
    return Response.json(
      url.includes('/assignment/accounts')
        ? {
            accountList: [
              { accountId: '444455556666', accountName: 'Production' },
              { accountId: role.accountId, accountName: 'Development' },
            ],
          }
        : { roleList: [{ roleName: 'Developer' }, { roleName: 'ReadOnly' }] },
    );
  };
  return { ...all, asked, context: { ...all.context, http } };
}

describe('openAwsConsole', () => {
  test('opens the account of this workspace at once, even if its token has expired', async () => {
    const ended = { ...center, ended: { at: 1, kind: 'grantRevoked' } } as const;
    const { context, opened, asked } = await world([ended, oktaSession], account);
    await openAwsConsole(context, undefined);
    await openAwsConsole(context, { sessionId: center.id });
    expect({ opened, asked }).toEqual({ opened: [address, address], asked: [] });
  });

  test('asks for account and role if none is selected, and writes nothing', async () => {
    const { context, opened, terminals } = await world([center]);
    const done = openAwsConsole(context, undefined);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('Development');
    await settleUntil(() => screen.input !== undefined);
    screen.pick.choose('ReadOnly');
    await done;
    expect(opened).toEqual([address]);
    expect([terminals.config.text, terminals.accounts]).toEqual(['', []]);
  });

  test.each([
    [
      'is not of the workspace',
      account,
      { sessionId: center.id, accountId: role.accountId, roleName: 'Developer' },
    ],
    ['is of a session that is gone', { ...account, sessionId: 'gone' }, role],
  ])('does not ask for given values: a role that %s', async (_, chosen, given) => {
    const { context, opened } = await world([center], chosen);
    await openAwsConsole(context, given);
    expect(opened).toEqual([address.replace('ReadOnly', given.roleName)]);
    expect(screen.allMessages).toEqual([]);
  });

  test('reports that the user does not have the account', async () => {
    const { context, opened } = await world([center]);
    await openAwsConsole(context, { accountId: '999999999999' });
    expect(screen.message.message).toMatch(/don’t have access/);
    expect(opened).toEqual([]);
  });
});

describe('consoleAddress', () => {
  test.each([
    ['https://x.awsapps.com/start/', 'https://x.awsapps.com/start'],
    ['https://start.home.awsapps.cn/directory/x', 'https://start.home.awsapps.cn/directory/x'],
    [
      'https://start.us-gov-home.awsapps.com/directory/x',
      'https://start.us-gov-home.awsapps.com/directory/x',
    ],
  ])(
    'of %s is a shortcut link of that access portal, which knows its partition’s console',
    (startUrl, portal) => {
      expect(consoleAddress(startUrl, { accountId: '1', roleName: 'a+b' })).toBe(
        `${portal}/#/console?account_id=1&role_name=a%2Bb`,
      );
    },
  );
});
