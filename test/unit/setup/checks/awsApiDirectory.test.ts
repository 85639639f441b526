import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { awsApiDirectoryChecks } from '../../../../src/setup/checks/awsApiDirectory.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { awsAndOktaContext, checkContext } from '../../fakes/checkContext.ts';
import { samlApplication } from '../../fakes/oktaAnswers.ts';

const row = awsApiDirectoryChecks.find(({ id }) => id === 'awsApi.people');
const startUrl = 'https://d-1234567890.awsapps.com/start';

/** The result if Okta has assigned these users, and the directory has Ana. */
async function found(assigned: readonly object[], status = 'ENABLED') {
  const aws: Readonly<Record<string, object>> = {
    ListInstances: {
      Instances: [{ InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId: 'd-1234567890' }],
    },
    ListUsers: { Users: [{ UserId: 'u1', UserName: 'ana@example.com', UserStatus: status }] },
  };
  const { http } = answeringHttp(({ pathname }, { headers }) => {
    if (pathname.endsWith('/users')) return Response.json(assigned);
    if (pathname === '/api/v1/apps') return Response.json([samlApplication]);
    return Response.json(aws[headers['x-amz-target']?.split('.')[1] ?? '']);
  });
  return row?.run?.(awsAndOktaContext(http, startUrl));
}

describe('awsApiDirectoryChecks: awsApi.people', () => {
  test('a person who lost the application in Okta was missing from AWS', async () => {
    const ana = { id: 'a', credentials: { userName: 'ana@example.com' } };
    const former = { id: 'b', status: 'DEPROVISIONED', credentials: { userName: 'ben@example.com' } };
    expect(await found([ana, former])).toMatchObject({ state: 'pass' });
  });

  test('people whom AWS has disabled passed', async () => {
    const ana = { id: 'a', credentials: { userName: 'Ana@example.com' } };
    const disabled = await found([ana], 'DISABLED');
    expect(disabled).toMatchObject({ state: 'fail', reason: 'personInactive' });
    expect(disabled?.evidence).toContainEqual({ name: 'person', value: ['Ana@example.com'] });
  });

  test('everyone passed although Okta has no name for one of them', async () => {
    const ana = { id: 'a', credentials: { userName: 'ana@example.com' } };
    expect(await found([ana, { id: 'b', credentials: null }])).toMatchObject({
      state: 'inconclusive',
      reason: 'unclearAnswer',
    });
    expect(await found([])).toMatchObject({ state: 'inconclusive', reason: 'noOneToCompare' });
  });
});

/** A directory with Ana in Developers, which compares letter case, and does not allow some operations. */
async function foundInDirectory(
  checkId: string,
  typed: { readonly userName?: string; readonly groupName?: string },
  denied: readonly string[] = [],
) {
  const ana = { UserId: 'u1', UserName: 'ana@example.com', UserStatus: 'ENABLED' };
  const group = { GroupId: 'g1', DisplayName: 'Developers' };
  const answers: Readonly<Record<string, object>> = {
    DescribeUser: ana,
    ListUsers: { Users: [ana] },
    ListGroups: { Groups: [{ GroupId: 'g2', DisplayName: 'DEVELOPERS' }, group] },
    IsMemberInGroups: { Results: [{ GroupId: 'g1', MembershipExists: true }] },
    ListGroupMemberships: { GroupMemberships: [{ MemberId: { UserId: 'u1' } }] },
  };
  const asked: string[] = [];
  const { http } = answeringHttp((_url, { headers, body }) => {
    const operation = headers['x-amz-target']?.split('.')[1] ?? '';
    asked.push(operation);
    const refused = (type: string) => Response.json({ __type: type }, { status: 400 });
    if (denied.includes(operation)) return refused('AccessDeniedException');
    const value = /"AttributeValue":"([^"]*)"/.exec(String(body))?.[1];
    if (value === undefined) return Response.json(answers[operation]);
    if (value === ana.UserName) return Response.json({ UserId: 'u1' });
    return value === group.DisplayName
      ? Response.json({ GroupId: 'g1' })
      : refused('ResourceNotFoundException');
  });
  const inputs = {
    accessPortal: { ...identityCenterConnection, startUrl },
    awsProfile: 'admin',
    userName: 'ana@example.com',
    groupName: 'Developers',
    ...typed,
  };
  const openAws = () => ({
    sign: async ({ headers }: { headers: object }) => ({ headers: { ...headers } }),
  });
  const check = awsApiDirectoryChecks.find(({ id }) => id === checkId);
  const ended = await check?.run?.(checkContext({ inputs, ports: { http, openAws } }));
  return { ...ended, asked };
}

describe.each(['awsApi.person', 'awsApi.group'])('awsApiDirectoryChecks: %s', (id) => {
  test.each([{ userName: 'Ana@Example.com' }, { groupName: 'developers' }])(
    'a name in other letter case was said to be missing: %o',
    async (typed) => {
      expect(await foundInDirectory(id, typed)).toMatchObject({ state: 'pass' });
    },
  );

  test('AWS’s managed policy for reading a directory, which allows only lists, was not enough', async () => {
    const denied = ['GetUserId', 'GetGroupId', 'IsMemberInGroups'];
    expect(await foundInDirectory(id, {}, denied)).toMatchObject({ state: 'pass' });
  });

  test('names the search’s permission if neither search nor list is allowed', async () => {
    const denied = ['GetUserId', 'ListUsers'];
    expect(await foundInDirectory(id, {}, denied)).toMatchObject({
      state: 'inconclusive',
      reason: 'awsNotPermitted',
      evidence: [
        { name: 'permission', value: 'identitystore:GetUserId' },
        { name: 'status' },
        { name: 'code' },
      ],
    });
  });

  test('reads no list if the search finds the names as typed', async () => {
    const { asked } = await foundInDirectory(id, {});
    expect(asked.filter((operation) => operation.startsWith('List'))).toEqual([]);
  });
});

describe('awsApiDirectoryChecks: awsApi.group', () => {
  test('a name that the search does not find is missing only if the list lacks it, too', async () => {
    const typed = { groupName: 'Designers' };
    expect(await foundInDirectory('awsApi.group', typed)).toMatchObject({
      state: 'fail',
      reason: 'groupMissing',
    });
    expect(await foundInDirectory('awsApi.group', typed, ['ListGroups'])).toMatchObject({
      state: 'inconclusive',
      reason: 'awsNotPermitted',
    });
  });
});

describe('awsApiDirectoryChecks: awsApi.people', () => {
  test.each([
    ['ana@example.com', 'pass', undefined],
    ['ben@example.com', 'fail', 'peopleMissing'],
  ])('%s: %s', async (userName, state, reason) => {
    const ended = await found([{ id: 'a1', credentials: { userName } }]);
    expect([ended?.state, ended?.reason]).toEqual([state, reason]);
  });

  test('does not pass if no one is assigned', async () => {
    expect(await found([])).toMatchObject({ state: 'inconclusive', reason: 'noOneToCompare' });
    expect(await found([{ id: 'a1' }])).toMatchObject({ state: 'inconclusive', reason: 'noOneToCompare' });
  });

  test('belongs to the guide', () => {
    expect(checksOf.identityCenter.map(({ id }) => id)).toContain('awsApi.people');
  });
});
