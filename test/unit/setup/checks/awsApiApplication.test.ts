import { describe, expect, test } from 'vitest';
import { awsApiApplicationChecks } from '../../../../src/setup/checks/awsApiApplication.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';

const [row] = awsApiApplicationChecks;
const startUrl = 'https://d-1234567890.awsapps.com/start';

/** The result if the directory's one application is from this provider, and has an assignment. */
async function found(
  provider: string,
  IdentityStoreId = 'd-1234567890',
  more: object = {},
  others: Readonly<Record<string, object | 403>> = {},
  typed = startUrl,
  names: { readonly userName?: string; readonly groupName?: string } = {},
) {
  const answers: Readonly<Record<string, object | 403>> = {
    ListInstances: { Instances: [{ InstanceArn: 'arn:aws:sso:::instance/ssoins-1', IdentityStoreId }] },
    ListApplications: {
      Applications: [
        {
          ApplicationArn: 'arn:aws:sso::1:application/ssoins-1/apl-1',
          ApplicationProviderArn: `arn:aws:sso::aws:applicationProvider/${provider}`,
          Name: 'Application',
          Status: 'ENABLED',
        },
      ],
      ...more,
    },
    GetApplicationAssignmentConfiguration: { AssignmentRequired: true },
    ListApplicationAssignments: { ApplicationAssignments: [{ PrincipalId: 'g1', PrincipalType: 'GROUP' }] },
    ...others,
  };
  const { http } = answeringHttp((_url, { headers }) => {
    const answer = answers[headers['x-amz-target']?.split('.')[1] ?? ''];
    return answer === 403
      ? Response.json({ __type: 'AccessDeniedException' }, { status: 403 })
      : Response.json(answer);
  });
  return row?.run?.(
    checkContext({
      inputs: {
        accessPortal: { ...identityCenterConnection, startUrl: typed },
        awsProfile: 'admin',
        ...names,
      },
      ports: { http, openAws: () => ({ sign: async ({ headers }) => ({ headers }) }) },
    }),
  );
}

describe('awsApiApplicationChecks: awsApi.application', () => {
  test.each(['codewhisperer', 'CodeWhisperer', 'kiro', 'q', 'qdeveloper', 'q-developer'])(
    'finds the application of the provider %s',
    async (provider) => {
      expect(await found(provider)).toMatchObject({ state: 'pass' });
    },
  );

  test('one of two instances that the start URL does not tell apart was called invisible', async () => {
    const instances = ['d-1234567890', 'd-0987654321'].map((IdentityStoreId, index) => ({
      InstanceArn: `arn:aws:sso:::instance/ssoins-${index}`,
      IdentityStoreId,
    }));
    const both = { ListInstances: { Instances: instances } };
    const alias = await found('kiro', undefined, {}, both, 'https://example.awsapps.com/start');
    expect(alias).toMatchObject({ state: 'inconclusive', reason: 'directoryUnknown' });
    expect(await found('kiro', undefined, {}, both)).toMatchObject({ state: 'pass' });
  });

  test('the only instance of an account counted as the one of a start URL without a directory', async () => {
    const alias = await found('kiro', undefined, {}, {}, 'https://example.awsapps.com/start');
    expect(alias).toMatchObject({ state: 'inconclusive', reason: 'directoryUnknown' });
  });

  test.each(['quicksight', 'qbusiness', 'qapps', 'redshift', 'custom'])(
    '%s is another service, and proves nothing about this one',
    async (provider) => {
      expect(await found(provider)).toMatchObject({ state: 'inconclusive', reason: 'serviceNotSeen' });
    },
  );

  test('a directory ID in different letter case is the same', async () => {
    expect(await found('codewhisperer', 'D-1234567890')).toMatchObject({ state: 'pass' });
  });

  test('an incomplete page of applications proves nothing missing', async () => {
    expect(await found('redshift', undefined, { NextToken: 'more' })).toMatchObject({
      state: 'inconclusive',
      reason: 'awsListNotWhole',
    });
  });

  describe('of a person who is not in the group', () => {
    const names = { userName: 'ana@example.com', groupName: 'Designers' };
    const directory = {
      GetUserId: { UserId: 'u1' },
      DescribeUser: { UserId: 'u1', UserName: names.userName },
      GetGroupId: { GroupId: 'g2' },
      IsMemberInGroups: { Results: [{ GroupId: 'g1', MembershipExists: false }] },
      ListGroupMemberships: { GroupMemberships: [] },
    };
    const person = { PrincipalId: 'u1', PrincipalType: 'USER' };
    const member = { Results: [{ GroupId: 'g1', MembershipExists: true }] };

    test.each<[what: string, answers: Readonly<Record<string, object>>, state: string, reason: string]>([
      [
        'assigned directly',
        { ListApplicationAssignments: { ApplicationAssignments: [person] } },
        'warning',
        'personHasService',
      ],
      ['assigned through another group', { IsMemberInGroups: member }, 'warning', 'personHasService'],
      ['not assigned', {}, 'fail', 'groupLacksService'],
    ])('the access of one who is %s', async (_what, answers, state, reason) => {
      const ended = await found('kiro', undefined, {}, { ...directory, ...answers }, startUrl, names);
      expect(ended).toMatchObject({ state, reason });
    });
  });

  test('a missing assignment proves nothing without permission to see whether everyone is assigned', async () => {
    const empty = { ListApplicationAssignments: { ApplicationAssignments: [] } };
    const hidden = { ...empty, GetApplicationAssignmentConfiguration: 403 } as const;
    expect(await found('kiro', undefined, {}, empty)).toMatchObject({
      state: 'fail',
      reason: 'noOneHasService',
    });
    expect(await found('kiro', undefined, {}, hidden)).toMatchObject({
      state: 'inconclusive',
      reason: 'awsNotPermitted',
    });
  });
});
