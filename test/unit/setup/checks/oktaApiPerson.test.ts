import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { oktaApiPersonChecks } from '../../../../src/setup/checks/oktaApiPerson.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { foundWith, oidcInputs, type OktaAnswers, samlInputs } from '../../fakes/oktaAnswers.ts';

const [person, policy] = oktaApiPersonChecks;
const ana = '/api/v1/users/ana%40example.com';
const rightPerson: OktaAnswers = {
  [ana]: { id: 'u1', status: 'ACTIVE', profile: { login: 'ana@example.com' } },
  '/api/v1/apps/0oa1saml': { id: '0oa1saml' },
  '/api/v1/apps/0oa1saml/users/u1': { id: 'u1', scope: 'GROUP' },
};

describe('oktaApiPersonChecks: oktaApi.person', () => {
  test('passes for an active, assigned user, and shows how', async () => {
    const found = await foundWith(person, rightPerson);
    expect(found.state).toBe('pass');
    expect(found.evidence).toContainEqual({ name: 'assignedBy', value: 'GROUP' });
  });

  test.each<[string, OktaAnswers, string, string]>([
    ['is not in Okta', { [ana]: 404 }, 'fail', 'personNotInOkta'],
    ['is suspended', { [ana]: { id: 'u1', status: 'SUSPENDED' } }, 'fail', 'personNotActive'],
    ['was deactivated', { [ana]: { id: 'u1', status: 'DEPROVISIONED' } }, 'fail', 'personNotActive'],
    [
      'has a password to change',
      { [ana]: { id: 'u1', status: 'PASSWORD_EXPIRED' } },
      'warning',
      'personHasToAct',
    ],
    ['is locked out', { [ana]: { id: 'u1', status: 'LOCKED_OUT' } }, 'fail', 'personLockedOut'],
    ['is not assigned', { '/api/v1/apps/0oa1saml/users/u1': 404 }, 'fail', 'personNotAssigned'],
    [
      'is asked of an application that Okta does not have',
      { '/api/v1/apps/0oa1saml/users/u1': 404, '/api/v1/apps/0oa1saml': 404 },
      'inconclusive',
      'notInOkta',
    ],
    ['may not be read', { [ana]: 403 }, 'inconclusive', 'apiTokenForbidden'],
    [
      'may not be read in the application',
      { '/api/v1/apps/0oa1saml/users/u1': 403 },
      'inconclusive',
      'apiTokenForbidden',
    ],
    ['has no application to sign in with', { '/api/v1/apps': [] }, 'fail', 'noApplication'],
  ])('the user %s', async (_what, answers, state, reason) => {
    expect(await foundWith(person, { ...rightPerson, ...answers })).toMatchObject({ state, reason });
  });

  test.each(['UNASSIGNED', 'DEPROVISIONED', 'SUSPENDED', 'REVOKED', 'INACTIVE'])(
    'passed for a user whose account in the application is %s',
    async (status) => {
      const answers = { ...rightPerson, '/api/v1/apps/0oa1saml/users/u1': { id: 'u1', status } };
      expect(await foundWith(person, answers)).toMatchObject({ state: 'fail', reason: 'personNotAssigned' });
    },
  );

  test('needs no assignment with Federation Broker Mode', async () => {
    const answers = {
      ...rightPerson,
      '/api/v1/apps/0oa1saml/users/u1': 404,
      '/api/v1/apps/0oa1saml': { id: '0oa1saml', settings: { implicitAssignment: true } },
    } as const;
    expect((await foundWith(person, answers)).state).toBe('pass');
  });

  test('waits if Okta does not have the application: the user is not the problem', async () => {
    const answers = { ...rightPerson, [`/api/v1/apps/${oktaConnection.clientId}`]: 404 } as const;
    const found = await foundWith(person, answers, { ...oidcInputs, userName: 'ana@example.com' });
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'blocked' });
    expect(found.evidence).toContainEqual({ name: 'blockedBy', value: ['oktaApi.application'] });
  });

  test.each<[string, OktaAnswers]>([
    ['person', { [ana]: { id: 'u2', status: 'ACTIVE', profile: { login: 'zoe@example.com' } } }],
    ['assignment', { '/api/v1/apps/0oa1saml/users/u1': { id: 'u2', credentials: { userName: 'zoe' } } }],
  ])("another user's record in place of the %s proves nothing", async (_what, answers) => {
    const found = await foundWith(person, { ...rightPerson, ...answers });
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'otherRecord' });
  });

  test.each(['ANA@example.com', 'ana', 'U1'])(
    "%s identifies the user, as in Okta's search",
    async (userName) => {
      const found = await foundWith(
        person,
        { ...rightPerson, [`/api/v1/users/${encodeURIComponent(userName)}`]: rightPerson[ana] ?? 404 },
        { ...samlInputs, userName },
      );
      expect(found.state).toBe('pass');
    },
  );

  test('a login in capital letters was not in Okta if its search knows only the other ones', async () => {
    const typed = { ...samlInputs, userName: 'Ana@Example.com' };
    const answers = { ...rightPerson, '/api/v1/users/Ana%40Example.com': 404 } as const;
    expect((await foundWith(person, answers, typed)).state).toBe('pass');
    const neither = { ...answers, [ana]: 404 } as const;
    expect(await foundWith(person, neither, typed)).toMatchObject({ reason: 'personNotInOkta' });
  });

  test('is looked up in the OIDC application, if there is one', async () => {
    const path = `/api/v1/apps/${oktaConnection.clientId}/users/u1`;
    expect((await foundWith(person, { ...rightPerson, [path]: { id: 'u1' } }, oidcInputs)).state).toBe(
      'pass',
    );
  });
});

const simulated = (status: string, before: readonly object[] = [], open: readonly object[] = []) => [
  {
    evaluation: [
      {
        policyType: ['ACCESS_POLICY'],
        undefined: { policies: open },
        result: {
          policies: [
            {
              id: 'p1',
              name: 'Two factors',
              status: 'MATCH',
              rules: [...before, { id: 'r1', name: 'Staff', status }],
            },
          ],
        },
      },
    ],
  },
];
const access = (value: string | undefined) => ({ actions: { appSignOn: { access: value } } });
const rightPolicy: OktaAnswers = {
  ...rightPerson,
  '/api/v1/users/u1/groups': [{ id: 'g1' }],
  '/api/v1/policies/simulate': simulated('MATCH'),
  '/api/v1/policies/p1/rules/r1': access('ALLOW'),
};

describe('oktaApiPersonChecks: oktaApi.personPolicy', () => {
  test('passes if the rule that applies to the user allows access, with the names of both', async () => {
    const found = await foundWith(policy, rightPolicy);
    expect(found).toMatchObject({
      state: 'pass',
      evidence: [
        { name: 'policies', value: ['Two factors'] },
        { name: 'rules', value: ['Staff'] },
      ],
    });
  });

  test.each<[string, OktaAnswers, string, string]>([
    ['a rule that denies', { '/api/v1/policies/p1/rules/r1': access('DENY') }, 'fail', 'policyDenies'],
    [
      'a rule that says neither',
      { '/api/v1/policies/p1/rules/r1': access(undefined) },
      'inconclusive',
      'policyOpen',
    ],
    [
      'no rule that meets',
      { '/api/v1/policies/simulate': simulated('UNDEFINED') },
      'inconclusive',
      'policyOpen',
    ],
    [
      'a network zone before it, which a simulation does not know',
      { '/api/v1/policies/simulate': simulated('MATCH', [{ id: 'r0', status: 'UNDEFINED' }]) },
      'inconclusive',
      'policyOpen',
    ],
    [
      'a rule apart that depends on the device',
      { '/api/v1/policies/simulate': simulated('MATCH', [], [{ id: 'p1', rules: [{ id: 'r0' }] }]) },
      'inconclusive',
      'policyOpen',
    ],
    [
      'no simulation in this organization',
      { '/api/v1/policies/simulate': 404 },
      'inconclusive',
      'notSimulated',
    ],
    [
      'no such feature in this organization',
      { '/api/v1/policies/simulate': Response.json({ errorCode: 'E0000015' }, { status: 401 }) },
      'inconclusive',
      'notSimulated',
    ],
    [
      'a simulation that may not be made',
      { '/api/v1/policies/simulate': 403 },
      'inconclusive',
      'apiTokenForbidden',
    ],
    [
      'a rule that may not be read',
      { '/api/v1/policies/p1/rules/r1': 403 },
      'inconclusive',
      'apiTokenForbidden',
    ],
    ['groups that may not be read', { '/api/v1/users/u1/groups': 403 }, 'inconclusive', 'apiTokenForbidden'],
  ])('%s', async (_what, answers, state, reason) => {
    expect(await foundWith(policy, { ...rightPolicy, ...answers })).toMatchObject({ state, reason });
  });

  test('a rule before it that does not meet the person decides nothing', async () => {
    const answers = {
      ...rightPolicy,
      '/api/v1/policies/simulate': simulated('MATCH', [{ id: 'r0', status: 'NOT_MATCH' }]),
    };
    expect((await foundWith(policy, answers)).state).toBe('pass');
  });

  const server = '/api/v1/authorizationServers/aus1a2b3c4d5/policies';
  const rule = (people: object | null) => ({ name: 'Developers', status: 'ACTIVE', conditions: { people } });
  const ofServer = (people: object | null): OktaAnswers => ({
    ...rightPolicy,
    [server]: [{ id: 'sp1', status: 'ACTIVE', conditions: { clients: { include: ['ALL_CLIENTS'] } } }],
    [`${server}/sp1/rules`]: [rule(people)],
  });

  test.each<[string, object | null, string]>([
    ['everyone', { groups: { include: ['EVERYONE'] } }, 'pass'],
    ['a group of the person', { groups: { include: ['g1'] } }, 'pass'],
    ['the person', { users: { include: ['u1'] } }, 'pass'],
    ['no condition', null, 'pass'],
    ['everyone, in no list at all', { groups: { include: [] }, users: null }, 'pass'],
    ['everyone but a group of the person', { groups: { include: ['EVERYONE'], exclude: ['g1'] } }, 'fail'],
    ['everyone but the person', { groups: { include: ['g1'] }, users: { exclude: ['u1'] } }, 'fail'],
    ['everyone but another person', { groups: { include: ['g1'] }, users: { exclude: ['u9'] } }, 'pass'],
    ['another group', { groups: { include: ['g9'] } }, 'fail'],
    ['another person', { users: { include: ['u9'] } }, 'fail'],
  ])('the rule of the authorization server is for %s: %#', async (_what, people, state) => {
    const found = await foundWith(policy, ofServer(people), oidcInputs);
    expect([found.state, found.reason]).toEqual([state, state === 'fail' ? 'rulesExclude' : undefined]);
  });

  test('a rule for the user in the next policy allows access', async () => {
    const [first] = ofServer({ groups: { include: ['g9'] } })[server] as readonly object[];
    const answers = {
      ...ofServer({ groups: { include: ['g9'] } }),
      [server]: [first, { ...first, id: 'sp2' }],
      [`${server}/sp2/rules`]: [rule({ groups: { include: ['g1'] } })],
    };
    expect((await foundWith(policy, answers, oidcInputs)).state).toBe('pass');
  });

  test('passed where the policy for the application was not there, because its own check could not run', () => {
    const row = checksOf.kiro.find(({ id }) => id === 'oktaApi.personPolicy');
    expect(row?.after).toContain('oktaApi.policy');
    expect(checksOf.identityCenter.find(({ id }) => id === 'oktaApi.personPolicy')?.after).toEqual([
      'oktaApi.person',
    ]);
  });
});
