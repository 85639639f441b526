import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { listAccounts, listRoles, roleCredentials } from '../../../src/features/awsAccounts.ts';
import { identityCenterSession } from '../fakes/examples.ts';
import type { HttpFetch, HttpRequest } from '../../../src/core/ports.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

const never = new AbortController().signal;
const role = { accountId: '111122223333', roleName: 'ReadOnly' };
const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'x-amzn-requestid': 'request-1' } });

/** Responds in sequence, and records requests. */
function answering(...answers: readonly Response[]) {
  const asked: { readonly url: string; readonly init: HttpRequest }[] = [];
  const http: HttpFetch = async (url, init) => {
    asked.push({ url, init });
    return answers[asked.length - 1] ?? answer(500, {});
  };
  return { http, asked };
}

describe('listAccounts', () => {
  test('reads every page', async () => {
    const account = (accountId: string) => ({ accountId, accountName: 'Dev', emailAddress: 'dev@x.example' });
    const { http, asked } = answering(
      answer(200, { accountList: [account('111122223333')], nextToken: 'more' }),
      answer(200, { accountList: [account('444455556666')], nextToken: null }),
    );
    expect(await listAccounts(http, identityCenterSession, never)).toEqual([
      { accountId: '111122223333', name: 'Dev', email: 'dev@x.example' },
      { accountId: '444455556666', name: 'Dev', email: 'dev@x.example' },
    ]);
    const [first, second] = asked.map(({ url }) => new URL(url));
    expect(first?.pathname).toBe('/assignment/accounts');
    expect(second?.searchParams.get('next_token')).toBe('more');
  });

  test('rejects a response that is not a list of accounts', async () => {
    const { http } = answering(answer(200, { accountList: [{ accountId: '1' }] }));
    expect(await rejectionOf(listAccounts(http, identityCenterSession, never))).toMatchObject({
      kind: 'invalidResponse',
    });
  });
});

describe('listAccounts: members that are null', () => {
  test('count as missing', async () => {
    const account = { accountId: '111122223333', accountName: null, emailAddress: null };
    const { http } = answering(answer(200, { accountList: [account] }));
    expect(await listAccounts(http, identityCenterSession, never)).toEqual([
      { accountId: '111122223333', name: '', email: '' },
    ]);
  });
});

describe('listRoles', () => {
  test('requests the roles in one account', async () => {
    const { http, asked } = answering(answer(200, { roleList: [{ roleName: 'ReadOnly' }], nextToken: '' }));
    expect(await listRoles(http, identityCenterSession, role.accountId, never)).toEqual([role]);
    expect(new URL(asked[0]?.url ?? '').searchParams.get('account_id')).toBe(role.accountId);
  });

  test('a role name that IAM does not allow cannot add lines to a configuration', async () => {
    const names = [
      'ReadOnly\n[default]\ncredential_process = x',
      'a b',
      '',
      '\u009b2J',
      'x'.repeat(65),
      null,
    ];
    const roleList = [...names.map((roleName) => ({ roleName })), { roleName: 'ReadOnly' }];
    const { http } = answering(answer(200, { roleList }));
    expect(await listRoles(http, identityCenterSession, role.accountId, never)).toEqual([role]);
  });
});

describe('roleCredentials', () => {
  test('sends the token in its own header to the portal that issued the session', async () => {
    const found = { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiration: 5 };
    const { http, asked } = answering(answer(200, { roleCredentials: found }));
    const { expiration: _, ...same } = found;
    expect(await roleCredentials(http, identityCenterSession, role, never)).toEqual({
      ...same,
      expiresAt: 5,
    });
    expect(asked[0]?.url).toBe(
      'https://portal.sso.eu-central-1.amazonaws.com/federation/credentials?account_id=111122223333&role_name=ReadOnly',
    );
    expect(JSON.stringify(asked[0])).toMatch(/x-amz-sso_bearer_token":"access-1/);
  });

  test.each([
    ['an end that no date can hold', { expiration: 1e20 }],
    ['an end in a text', { expiration: '5' }],
    ['what a terminal obeys', { sessionToken: 't\u009b2J' }],
    ['a line end', { secretAccessKey: 's\n' }],
  ])('rejects credentials with %s', async (_, odd) => {
    const found = { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiration: 5, ...odd };
    const { http } = answering(answer(200, { roleCredentials: found }));
    const error = await rejectionOf(roleCredentials(http, identityCenterSession, role, never));
    expect(error).toMatchObject({ kind: 'invalidResponse' });
  });

  test.each([
    [401, 'Session token not found or invalid', 'signInNeeded'],
    [403, 'No access', 'notAssigned'],
    [404, 'Not found', 'notAssigned'],
    [429, 'Too many', 'rateLimited'],
    [503, 'Later', 'serverError'],
    [400, 'Odd', 'invalidResponse'],
    [200, 'No credentials', 'invalidResponse'],
  ])('%i means %s: %s', async (status, message, kind) => {
    const { http } = answering(answer(status, { message }));
    const error = await rejectionOf(roleCredentials(http, identityCenterSession, role, never));
    expect(error).toBeInstanceOf(SignInError);
    expect(error).toMatchObject({ kind, details: { status, requestId: 'request-1' } });
  });
});
