import { describe, expect, test } from 'vitest';
import { oktaApiScimChecks } from '../../../../src/setup/checks/oktaApiScim.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { foundWith, oidcInputs } from '../../fakes/oktaAnswers.ts';

const row = oktaApiScimChecks.find(({ id }) => id === 'oktaApi.sameAssignments');
const oidc = `/api/v1/apps/${oktaConnection.clientId}`;
const scim = '/api/v1/apps/0oa1saml';

describe('oktaApiScimChecks: oktaApi.sameAssignments', () => {
  const found = async (signIn: readonly object[], settings: object) =>
    foundWith(
      row,
      {
        [oidc]: { id: oktaConnection.clientId, settings },
        [`${oidc}/users`]: signIn,
        [`${oidc}/groups`]: [],
        [`${scim}/users`]: [{ id: 'ana' }],
        [`${scim}/groups`]: [],
      },
      oidcInputs,
    );

  test('an application that needs no assignments differed from the one that provisions people', async () => {
    expect(await found([], { implicitAssignment: true })).toMatchObject({
      state: 'warning',
      reason: 'everyoneAssigned',
    });
    expect(await found([], {})).toMatchObject({ state: 'fail', reason: 'peopleDiffer' });
    // Someone who is assigned to it, but was never provisioned.
    const two = [{ id: 'ana' }, { id: 'ben' }];
    expect(await found(two, { implicitAssignment: true })).toMatchObject({ reason: 'peopleDiffer' });
  });
});
