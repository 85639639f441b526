import { beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseAwsRole, givenAwsRole, reportAwsError } from '../../../../src/shell/terminal/chooseAwsRole.ts';
import type { HttpFetch } from '../../../../src/core/ports.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const accountId = '111122223333';

/** A portal with these roles in every account, and one account by default. */
async function contextWith(roles: readonly string[], accountNames: readonly string[] = ['Development']) {
  const accountList = accountNames.map((accountName, index) => ({
    accountId: String(Number(accountId) + index),
    accountName,
    emailAddress: 'a@x.example',
  }));
  const http = async (url: string) =>
    Response.json(
      url.includes('/assignment/accounts')
        ? { accountList, nextToken: null }
        : { roleList: roles.map((roleName) => ({ roleName })), nextToken: null },
    );
  return { ...(await shellWorld()).context, http };
}

describe('givenAwsRole', () => {
  test.each([undefined, null, 'text', 7])('treats %s as not given', (given) => {
    expect(givenAwsRole(given)).toEqual({});
  });

  test('keeps given values', () => {
    expect(givenAwsRole({ accountId })).toEqual({ accountId });
  });
});

describe('chooseAwsRole', () => {
  test('asks for the account by name, and uses its only role without a question', async () => {
    const chosen = chooseAwsRole(
      await contextWith(['ReadOnly'], ['Production', '']),
      identityCenterSession,
      {},
    );
    await settleUntil(() => screen.input !== undefined);
    // An account without a name is listed by its ID.
    expect(screen.pick.labels).toEqual(['111122223334', 'Production']);
    screen.pick.choose('Production');
    expect(await chosen).toMatchObject({ accountId, accountName: 'Production', roleName: 'ReadOnly' });
  });

  test('the question for the role had no name for an account without one', async () => {
    const chosen = chooseAwsRole(await contextWith(['Admin', 'ReadOnly'], ['']), identityCenterSession, {
      accountId,
    });
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.placeholder).toBe(`Select a role in ${accountId}`);
    screen.pick.choose('Admin');
    expect(await chosen).toMatchObject({ accountName: accountId, roleName: 'Admin' });
  });

  test('asks nothing if account and role are given', async () => {
    const given = { accountId, roleName: 'Admin' };
    const chosen = await chooseAwsRole(
      await contextWith(['Admin', 'ReadOnly']),
      identityCenterSession,
      given,
    );
    expect(chosen).toMatchObject(given);
    expect(screen.input).toBeUndefined();
  });

  test.each([{ accountId: '999988887777' }, { accountId, roleName: 'Gone' }])(
    'rejects %j, which does not exist',
    async (given) => {
      const chosen = chooseAwsRole(await contextWith(['Admin']), identityCenterSession, given);
      expect(await rejectionOf(chosen)).toMatchObject({ kind: 'notAssigned' });
    },
  );

  test('a token that the portal did not know long before its end was reported as a missing sign-in', async () => {
    const context = await contextWith(['Admin']);
    const asked: string[] = [];
    const http: HttpFetch = async (url, { headers }) => {
      asked.push(headers['x-amz-sso_bearer_token'] ?? '');
      return asked.length === 1 ? new Response('{}', { status: 401 }) : context.http(url);
    };
    const tokenSet = { ...identityCenterSession.tokenSet, accessToken: 'access-2' };
    const sessions = Object.assign(context.sessions, {
      refresh: async () => ({ ...identityCenterSession, tokenSet }),
    });
    const answered = { ...context, http, sessions };
    expect(await chooseAwsRole(answered, identityCenterSession, { accountId })).toMatchObject({ accountId });
    expect(asked).toEqual([identityCenterSession.tokenSet.accessToken, 'access-2', 'access-2']);
  });

  test('chooses nothing if the user cancels', async () => {
    const chosen = chooseAwsRole(await contextWith(['Admin']), identityCenterSession, {});
    await settleUntil(() => screen.input !== undefined);
    screen.pick.escape();
    expect(await chosen).toBeUndefined();
  });
});

describe('reportAwsError', () => {
  test.each([
    [[], {}, 'You don’t have access to any AWS accounts. Ask your administrator.'],
    [
      ['Development'],
      { accountId: '999988887777' },
      'You don’t have access to this AWS account or role. Ask your administrator.',
    ],
  ] as const)(
    'a person without any account was told about “this” account (%j)',
    async (names, given, text) => {
      const context = await contextWith(['Admin'], names);
      const error = await rejectionOf(chooseAwsRole(context, identityCenterSession, given));
      await reportAwsError(context, given, error, async () => {});
      expect(screen.messages.map(({ message }) => message)).toEqual([text]);
    },
  );
});
