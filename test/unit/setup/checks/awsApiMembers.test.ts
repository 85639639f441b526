import { describe, expect, test } from 'vitest';
import { awsApiMemberChecks } from '../../../../src/setup/checks/awsApiMembers.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { awsAndOktaContext } from '../../fakes/checkContext.ts';
import { samlApplication } from '../../fakes/oktaAnswers.ts';

const [row] = awsApiMemberChecks;
const startUrl = 'https://d-1234567890.awsapps.com/start';
const member = (id: string, status = 'ACTIVE') => ({ id, status });
const account = (id: string, userName: string | null = `${id}@example.com`) => ({
  id,
  credentials: { userName },
});

/** The result if the group has Ana and Ben in Okta, and these people in AWS. */
async function found(inAws: readonly string[], okta: Readonly<Record<string, readonly object[]>> = {}) {
  const inOkta: Readonly<Record<string, readonly object[]>> = {
    '/api/v1/groups': [{ id: 'g1', profile: { name: 'Developers' } }],
    '/api/v1/groups/g1/users': [member('ana'), member('ben'), member('zoe', 'SUSPENDED')],
    '/api/v1/apps': [samlApplication],
    '/api/v1/apps/0oa1saml/users': [account('ana'), account('ben')],
    ...okta,
  };
  const page = (members: readonly string[], NextToken?: string) => ({
    GroupMemberships: members.map((UserId) => ({ MemberId: { UserId } })),
    NextToken,
  });
  const { http } = answeringHttp(({ pathname }, { headers, body }) => {
    switch (headers['x-amz-target']?.split('.')[1]) {
      case 'GetGroupId':
        return Response.json({ GroupId: 'g-aws' });
      case 'ListUsers':
        return Response.json({
          Users: ['ana', 'ben'].map((id) => ({ UserId: `u-${id}`, UserName: `${id}@Example.com` })),
        });
      case 'ListGroupMemberships':
        return Response.json(
          String(body).includes('NextToken') ? page(inAws.slice(1)) : page(inAws.slice(0, 1), '2'),
        );
      default:
        return Response.json(inOkta[pathname] ?? []);
    }
  });
  return row?.run?.(awsAndOktaContext(http, startUrl));
}

describe('awsApiMemberChecks: awsApi.members', () => {
  test('passes if everyone who is active in the group in Okta is in it in AWS, on any page', async () => {
    expect(await found(['u-ana', 'u-ben'])).toMatchObject({
      state: 'pass',
      evidence: [
        { name: 'members', value: 2 },
        { name: 'membersInAws', value: 2 },
      ],
    });
  });

  test('names the people who are missing', async () => {
    const result = await found(['u-ana', 'u-other']);
    expect(result).toMatchObject({ state: 'fail', reason: 'membersMissing' });
    expect(result?.evidence).toContainEqual({ name: 'missing', value: ['ben@example.com'] });
  });

  test('proves nothing about people without a name, or without a group', async () => {
    const unnamed = { '/api/v1/apps/0oa1saml/users': [account('ana'), account('ben', null)] };
    expect(await found(['u-ana'], unnamed)).toMatchObject({ state: 'inconclusive', reason: 'blocked' });
    expect(await found(['u-ana'], { '/api/v1/groups': [] })).toMatchObject({
      state: 'inconclusive',
      reason: 'blocked',
    });
  });
});
