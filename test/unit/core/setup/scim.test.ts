import { describe, expect, test } from 'vitest';
import type { Check } from '../../../../src/core/setup/check.ts';
import {
  checkGroups,
  checkPerson,
  checkScimEndpoint,
  checkScimRead,
  checkScimToken,
} from '../../../../src/core/setup/scim.ts';
import type { Finding } from '../../../../src/core/setup/finding.ts';
import type { SetupInputs } from '../../../../src/core/setup/setupPorts.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { day, january } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';

const inputs: SetupInputs = {
  scimEndpoint: 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
  scimToken: 'secret-1',
  userName: 'ana@example.com',
  groupName: 'Developers',
};

async function asked(
  check: NonNullable<Check['run']>,
  answer: Parameters<typeof answeringHttp>[0],
  changes: Partial<SetupInputs> = {},
): Promise<Finding & { readonly requests: ReturnType<typeof answeringHttp>['asked'] }> {
  const { http, asked: requests } = answeringHttp(answer);
  const finding = await check(checkContext({ inputs: { ...inputs, ...changes }, ports: { http } }));
  return { ...finding, requests };
}

const list = (...resources: readonly object[]) =>
  Response.json({ totalResults: resources.length, Resources: resources });

describe('the SCIM token', () => {
  test.each(['secret-1', ' secret-1 ', 'Bearer secret-1', 'bearer  secret-1'])(
    'is sent in the header, however it was pasted: %j',
    async (scimToken) => {
      const { state, requests } = await asked(checkScimToken, () => Response.json({}), { scimToken });
      expect(state).toBe('right');
      const [[url, request] = []] = requests;
      expect(url?.href).toBe('https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/ServiceProviderConfig');
      expect(request).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer secret-1' } });
    },
  );

  test.each([
    [401, 'wrong', 'tokenRefused'],
    [403, 'wrong', 'tokenForbidden'],
    [404, 'wrong', 'scimNotFound'],
    [302, 'notKnown', 'unclearAnswer'],
    [418, 'notKnown', 'unclearAnswer'],
  ])('that is answered with %i is %s: %s', async (status, state, reason) => {
    const finding = await asked(checkScimToken, () => Response.json({ detail: 'Because.' }, { status }));
    expect(finding).toMatchObject({ state, reason });
    expect(finding.evidence).toContainEqual({ name: 'words', value: 'Because.' });
  });

  test.each([
    [90 * day, undefined],
    [20 * day, 'tokenEndsSoon'],
  ])('that says when it ends, in %i ms: %s', async (left, reason) => {
    const scimToken = jwt({ exp: (january + left) / 1000 });
    const finding = await asked(checkScimToken, () => Response.json({}), { scimToken });
    expect(finding.state).toBe('right');
    expect(finding.reason).toBe(reason);
    expect(finding.evidence).toEqual([{ name: 'tokenEndsAt', value: january + left }]);
  });

  test('that a server says back is not repeated', async () => {
    const scimToken = 'ZmFrZVRva2VuMDEyMzQ1Njc4OWFiY2RlZg';
    const finding = await asked(
      checkScimToken,
      () => Response.json({ detail: `${scimToken} is unknown` }, { status: 401 }),
      { scimToken },
    );
    expect(JSON.stringify(finding.evidence)).not.toContain(scimToken);
  });
});

describe('the SCIM endpoint', () => {
  test.each([
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/', 'trailingSlash'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2//', 'trailingSlash'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2?x=1', 'trailingSlash'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim', 'notScimEndpoint'],
    ['https://scim.eu-central-1.amazonaws.com/1f2/scim/v2/Users', 'notScimEndpoint'],
    ['https://scim.example.com/scim/v2', 'unknownForm'],
  ])('%s: %s', async (scimEndpoint, reason) => {
    const { reason: found, evidence } = await asked(checkScimEndpoint, () => list(), { scimEndpoint });
    expect(found).toBe(reason);
    if (reason === 'trailingSlash')
      expect(evidence).toContainEqual({
        name: 'suggestedAddress',
        value: 'https://scim.eu-central-1.amazonaws.com/1f2/scim/v2',
      });
  });
});

describe('a search', () => {
  test('finds nobody and is right all the same', async () => {
    const { state, requests } = await asked(checkScimRead, () => list(), { userName: '' });
    expect(state).toBe('right');
    expect(requests[0]?.[0].searchParams.get('filter')).toMatch(/^userName eq "[^"]+@invalid\.example"$/);
  });

  test('keeps a quotation mark inside its quotes', async () => {
    const { requests } = await asked(checkPerson, () => list(), { userName: 'a" or userName eq "b' });
    expect(requests[0]?.[0].searchParams.get('filter')).toBe('userName eq "a\\" or userName eq \\"b"');
  });

  test.each([
    [list({ id: '1', userName: 'ana@example.com', active: true }), 'right', undefined],
    [list({ id: '1', userName: 'ana@example.com' }), 'right', undefined],
    [list({ id: '1', userName: 'ana@example.com', active: false }), 'wrong', 'personInactive'],
    [list(), 'wrong', 'personMissing'],
    [Response.json({ Resources: [{ userName: 'ana@example.com' }] }), 'notKnown', 'unclearAnswer'],
    [Response.json('no list'), 'notKnown', 'unclearAnswer'],
  ])('for a person, answered with %#: %s', async (answer, state, reason) => {
    expect(await asked(checkPerson, () => answer)).toMatchObject({
      state,
      ...(reason === undefined ? {} : { reason }),
    });
  });

  test('for a group asks as Identity Center wants it: by its name, then by its id and the member', async () => {
    const { state, requests } = await asked(checkGroups, ({ pathname }) =>
      pathname.endsWith('/Users')
        ? list({ id: 'u1', userName: 'ana@example.com' })
        : list({ id: 'g1', displayName: 'Developers' }),
    );
    expect(state).toBe('right');
    expect(requests.map(([url]) => url.searchParams.get('filter'))).toEqual([
      'userName eq "ana@example.com"',
      'displayName eq "Developers"',
      'id eq "g1" and members eq "u1"',
    ]);
  });
});
