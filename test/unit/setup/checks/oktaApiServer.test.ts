import { describe, expect, test } from 'vitest';
import { oktaApiServerChecks } from '../../../../src/setup/checks/oktaApiServer.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { foundWith, oidcInputs, type OktaAnswers } from '../../fakes/oktaAnswers.ts';

const policyRow = oktaApiServerChecks.find(({ id }) => id === 'oktaApi.policy');
const server = `/api/v1/authorizationServers/${oktaConnection.issuer.split('/').at(-1)}`;
const three = ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'];
const policy = (id: string, priority: number, include: readonly string[] = [oktaConnection.clientId]) => ({
  id,
  name: `Policy ${id}`,
  status: 'ACTIVE',
  priority,
  conditions: { clients: { include } },
});
const rule = (scopes: readonly string[], more: object = {}) => ({
  name: `Rule ${scopes.join(' ')}`,
  status: 'ACTIVE',
  conditions: { scopes: { include: scopes }, ...more },
});
const found = async (policies: object, rules: Readonly<Record<string, object>>) => {
  const answers: OktaAnswers = {
    [`${server}/policies`]: policies,
    ...Object.fromEntries(Object.entries(rules).map(([id, all]) => [`${server}/policies/${id}/rules`, all])),
  };
  return foundWith(policyRow, answers, oidcInputs);
};

describe('oktaApiServerChecks: oktaApi.server', () => {
  const serverRow = oktaApiServerChecks.find(({ id }) => id === 'oktaApi.server');

  test('an issuer without metadata may be of an inactive server', async () => {
    const answers = { [server]: { status: 'INACTIVE', issuer: oktaConnection.issuer } };
    expect(serverRow?.despite).toEqual({ 'okta.metadata': ['noMetadata'] });
    expect(await foundWith(serverRow, answers, oidcInputs)).toMatchObject({ reason: 'serverInactive' });
  });

  test('an issuer without an ID is not asked for', async () => {
    const okta = { ...oktaConnection, issuer: 'https://example.okta.com/oauth2' };
    const ended = await foundWith(serverRow, {}, { ...oidcInputs, oktaClient: okta });
    expect(ended).toMatchObject({ state: 'inconclusive', reason: 'blocked', asked: [] });
  });
});

describe('oktaApiServerChecks: oktaApi.policy', () => {
  test("passes for the guide's rule, also in a policy for all clients", async () => {
    for (const include of [[oktaConnection.clientId], ['ALL_CLIENTS'], ['0oaOther', oktaConnection.clientId]])
      expect(await found([policy('a', 1, include)], { a: [rule(three)] })).toMatchObject({ state: 'pass' });
  });

  test('continues with the next policy if a policy before it has no matching rule', async () => {
    const both = [policy('b', 2, ['ALL_CLIENTS']), policy('a', 1)];
    expect(await found(both, { a: [], b: [rule(three)] })).toMatchObject({ state: 'pass' });
    const few = rule(three.slice(0, 1));
    expect(await found(both, { a: [few], b: [rule(three)] })).toMatchObject({ state: 'pass' });
  });

  test.each([
    ['a deactivated policy', [{ ...policy('a', 1), status: 'INACTIVE' }], {}, 'noPolicy'],
    ['a policy for another client', [policy('a', 1, ['0oaOther'])], {}, 'noPolicy'],
    ['a deactivated rule', [policy('a', 1)], { a: [{ ...rule(three), status: 'INACTIVE' }] }, 'noRule'],
    [
      'a rule for another grant alone',
      [policy('a', 1)],
      { a: [rule(three, { grantTypes: { include: ['client_credentials'] } })] },
      'ruleLacksGrant',
    ],
  ])('%s fails', async (_what, policies, rules, reason) => {
    expect(await found(policies, rules)).toMatchObject({ state: 'fail', reason });
  });

  test('reports scopes split across two rules as missing in the closer one', async () => {
    const rules = [rule(three.slice(0, 1)), rule(three.slice(1))];
    const result = await found([policy('a', 1)], { a: rules });
    expect(result).toMatchObject({ state: 'fail', reason: 'ruleLacksScopes' });
    expect(result.evidence).toContainEqual({ name: 'missing', value: three.slice(0, 1) });
  });

  test('a rule that also grants others passed if a narrow rule came first', async () => {
    const narrow = { ...rule(three), priority: 2 };
    for (const priority of [1, 3]) {
      const any = { ...rule(['*']), priority };
      const result = await found([policy('a', 1)], { a: [narrow, any] });
      expect(result.reason).toBe('ruleListsMore');
      // Okta's console doesn't show an asterisk.
      expect(result.evidence).toContainEqual({ name: 'more', value: ['Any scopes'] });
    }
    const other = rule(['openid']);
    const both = [policy('a', 1), policy('b', 2, ['ALL_CLIENTS'])];
    expect(await found(both, { a: [narrow], b: [other] })).toMatchObject({ reason: 'ruleListsMore' });
    const forServices = rule(['*'], { grantTypes: { include: ['client_credentials'] } });
    expect(await found(both, { a: [narrow], b: [forServices] })).toMatchObject({ state: 'pass' });
  });

  test.each<[string, object, readonly [string, unknown] | undefined]>([
    ['the defaults', { accessTokenLifetimeMinutes: 60, refreshTokenWindowMinutes: 10_080 }, undefined],
    ['lifetimes that Okta does not return', {}, undefined],
    ['a short window', { refreshTokenWindowMinutes: 10 }, ['refreshTokenWindowMinutes', 10]],
    ['refresh tokens for a day', { refreshTokenLifetimeMinutes: 1440 }, ['refreshTokenMinutes', 1440]],
    ['access tokens for a day', { accessTokenLifetimeMinutes: 1440 }, ['accessTokenMinutes', 1440]],
  ])('a rule with other token lifetimes passed: %s', async (_what, token, shown) => {
    const result = await found([policy('a', 1)], { a: [{ ...rule(three), actions: { token } }] });
    if (shown === undefined) expect(result).toMatchObject({ state: 'pass' });
    else {
      expect(result).toMatchObject({ state: 'warning', reason: 'ruleNotDefault' });
      expect(result.evidence).toContainEqual({ name: shown[0], value: shown[1] });
    }
  });

  test('a rule for some people passed', async () => {
    const of = async (people: object) => found([policy('a', 1)], { a: [rule(three, { people })] });
    expect(await of({ groups: { include: ['EVERYONE'] } })).toMatchObject({ state: 'pass' });
    expect(await of({ groups: { include: ['00g1'] } })).toMatchObject({ reason: 'ruleNotDefault' });
    const without = { groups: { include: ['EVERYONE'] }, users: { exclude: ['00u1'] } };
    expect(await of(without)).toMatchObject({ reason: 'ruleNotDefault' });
    // Without groups, which Okta leaves out for a rule that lists only people.
    expect(await of({ users: { include: ['00u1'] } })).toMatchObject({ reason: 'ruleNotDefault' });
  });
});
