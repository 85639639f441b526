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

describe('awsApiDirectoryChecks: awsApi.person', () => {
  test('a login in capital letters was said to be missing', async () => {
    const person = awsApiDirectoryChecks.find(({ id }) => id === 'awsApi.person');
    const asked: string[] = [];
    const { http } = answeringHttp((_url, { headers, body }) => {
      if (headers['x-amz-target']?.endsWith('.DescribeUser') === true)
        return Response.json({ UserId: 'u1', UserName: 'ana@example.com', UserStatus: 'ENABLED' });
      const value = /"AttributeValue":"([^"]*)"/.exec(String(body))?.[1] ?? '';
      asked.push(value);
      return value === 'ana@example.com'
        ? Response.json({ UserId: 'u1' })
        : Response.json({ __type: 'ResourceNotFoundException', ResourceType: 'USER' }, { status: 400 });
    });
    const inputs = {
      accessPortal: { ...identityCenterConnection, startUrl },
      awsProfile: 'admin',
      userName: 'Ana@Example.com',
    };
    const openAws = () => ({
      sign: async ({ headers }: { headers: object }) => ({ headers: { ...headers } }),
    });
    const ended = await person?.run?.(checkContext({ inputs, ports: { http, openAws } }));
    expect(ended).toMatchObject({ state: 'pass' });
    expect(asked).toEqual(['Ana@Example.com', 'ana@example.com']);
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
