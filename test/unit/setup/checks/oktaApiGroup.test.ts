import { describe, expect, test } from 'vitest';
import { oktaApiGroupChecks } from '../../../../src/setup/checks/oktaApiGroup.ts';
import { foundWith, type OktaAnswers } from '../../fakes/oktaAnswers.ts';

const [check] = oktaApiGroupChecks;
const member = (id: string, status = 'ACTIVE') => ({ id, status, profile: { login: `${id}@example.com` } });
const account = (id: string, more: object = {}) => ({ id, externalId: `scim-${id}`, ...more });

/** A group of two users, both with accounts. */
const right = {
  '/api/v1/groups': [{ id: 'g1', profile: { name: 'Developers' } }],
  '/api/v1/groups/g1/users': [member('ana'), member('ben')],
  '/api/v1/apps/0oa1saml/users': [account('ana'), account('ben')],
} satisfies OktaAnswers;

describe('oktaApiGroupChecks: oktaApi.group', () => {
  test('passes if everyone in the group has an account, and shows the number', async () => {
    const found = await foundWith(check, right);
    expect(found).toMatchObject({ state: 'pass', evidence: [{ name: 'members', value: 2 }] });
    expect(found.asked[0]?.searchParams.get('q')).toBe('Developers');
  });

  test('a group in other capital letters was said to be missing', async () => {
    const named = (...names: readonly string[]) =>
      names.map((name, index) => ({ id: `g${names.length - index}`, profile: { name } }));
    expect(await foundWith(check, { ...right, '/api/v1/groups': named('developers') })).toMatchObject({
      state: 'pass',
    });
    const both = { ...right, '/api/v1/groups': named('DEVELOPERS', 'Developers') };
    expect(await foundWith(check, both)).toMatchObject({ state: 'pass' });
  });

  test('a group was said to be missing because 50 others begin with its name', async () => {
    const others = Array.from({ length: 300 }, (_, index) => ({
      id: `g${index}`,
      profile: { name: `Developers ${index}` },
    }));
    const answers = { ...right, '/api/v1/groups': others };
    expect(await foundWith(check, answers)).toMatchObject({
      state: 'inconclusive',
      reason: 'oktaListNotWhole',
    });
    const whole = { ...right, '/api/v1/groups': others.slice(1) };
    const found = await foundWith(check, whole);
    expect(found).toMatchObject({ state: 'fail', reason: 'groupNotInOkta' });
    expect(found.asked[0]?.searchParams.get('limit')).toBe('300');
  });

  test('a member whose account has ended counted as provisioned', async () => {
    const answers = {
      ...right,
      '/api/v1/apps/0oa1saml/users': [account('ana'), account('ben', { status: 'UNASSIGNED' })],
    };
    expect(await foundWith(check, answers)).toMatchObject({ state: 'fail', reason: 'membersNotAssigned' });
  });

  test.each<[what: string, answers: OktaAnswers, state: string, reason: string, missing?: readonly string[]]>(
    [
      [
        'a name that only begins so',
        { '/api/v1/groups': [{ id: 'g2', profile: { name: 'Developers of 2025' } }] },
        'fail',
        'groupNotInOkta',
      ],
      [
        'deactivated people alone',
        { '/api/v1/groups/g1/users': [member('ana', 'DEPROVISIONED'), member('ben', 'SUSPENDED')] },
        'fail',
        'groupEmpty',
      ],
      ['no one in it', { '/api/v1/groups/g1/users': [] }, 'fail', 'groupEmpty'],
      [
        'a member without an account',
        { '/api/v1/apps/0oa1saml/users': [account('ana')] },
        'fail',
        'membersNotAssigned',
        ['ben@example.com'],
      ],
      [
        'an account with an error',
        { '/api/v1/apps/0oa1saml/users': [account('ana'), account('ben', { syncState: 'ERROR' })] },
        'fail',
        'membersNotProvisioned',
        ['ben@example.com'],
      ],
      [
        'an account that is not linked yet',
        { '/api/v1/apps/0oa1saml/users': [account('ana'), { id: 'ben' }] },
        'inconclusive',
        'membersNotLinked',
        ['ben@example.com'],
      ],
      ['no application that provisions', { '/api/v1/apps': [] }, 'fail', 'noApplication'],
      ['a token that may not read groups', { '/api/v1/groups': 403 }, 'inconclusive', 'apiTokenForbidden'],
      [
        'members that may not be read',
        { '/api/v1/groups/g1/users': 403 },
        'inconclusive',
        'apiTokenForbidden',
      ],
      [
        'accounts that may not be read',
        { '/api/v1/apps/0oa1saml/users': 401 },
        'inconclusive',
        'apiTokenRefused',
      ],
    ],
  )('%s', async (_what, answers, state, reason, missing) => {
    const found = await foundWith(check, { ...right, ...answers });
    expect(found).toMatchObject({ state, reason });
    expect(found.evidence.find(({ name }) => name === 'missing')?.value).toEqual(missing);
  });

  test.each(['DEPROVISIONED', 'SUSPENDED'])('a user who is %s needs no account', async (status) => {
    const answers = { ...right, '/api/v1/groups/g1/users': [member('ana'), member('eve', status)] };
    expect((await foundWith(check, answers)).state).toBe('pass');
  });
});
