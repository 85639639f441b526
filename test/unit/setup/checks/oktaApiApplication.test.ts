import { describe, expect, test } from 'vitest';
import { oktaApiApplicationChecks } from '../../../../src/setup/checks/oktaApiApplication.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { firstPage, foundWith, oidcInputs, type OktaAnswers } from '../../fakes/oktaAnswers.ts';

const row = oktaApiApplicationChecks.find(({ id }) => id === 'oktaApi.assignments');
const path = `/api/v1/apps/${oktaConnection.clientId}`;

describe('oktaApiApplicationChecks: oktaApi.assignments', () => {
  test('no one was assigned if the first part of a long list has only former people', async () => {
    const former = firstPage({ id: 'b', status: 'DEPROVISIONED' });
    const found = await foundWith(row, { [`${path}/groups`]: [], [`${path}/users`]: former }, oidcInputs);
    expect(found).toMatchObject({ state: 'inconclusive', reason: 'oktaListNotWhole' });
  });

  test.each<[string, OktaAnswers, string, string | undefined]>([
    ['a group', { [`${path}/groups`]: [{ id: 'g1' }], [`${path}/users`]: [] }, 'pass', undefined],
    ['no one', { [path]: { id: oktaConnection.clientId } }, 'fail', 'noOneAssigned'],
    ['no one, of an application that may not be read', { [path]: 403 }, 'fail', 'noOneAssigned'],
    [
      'everyone, as Federation Broker Mode needs no assignments',
      { [path]: { id: oktaConnection.clientId, settings: { implicitAssignment: true } } },
      'warning',
      'everyoneAssigned',
    ],
  ])('%s', async (_what, answers, state, reason) => {
    const none = { [`${path}/groups`]: [], [`${path}/users`]: [] };
    const found = await foundWith(row, { ...none, ...answers }, oidcInputs);
    expect([found.state, found.reason]).toEqual([state, reason]);
  });
});
