import { describe, expect, test } from 'vitest';
import { checkScimRead } from '../../../../src/setup/checks/scimEndpoint.ts';
import { checkGroups, checkPerson } from '../../../../src/setup/checks/scimPeople.ts';
import { asked, scimList as list } from '../../fakes/askedScim.ts';

describe('checkPerson: a search', () => {
  test('passes if it finds no user', async () => {
    const { state, requests } = await asked(checkScimRead, () => list(), { userName: '' });
    expect(state).toBe('pass');
    expect(requests[0]?.[0].searchParams.get('filter')).toMatch(/^userName eq "[^"]+@invalid\.example"$/);
  });

  test('escapes a quotation mark', async () => {
    const { requests } = await asked(checkPerson, () => list(), { userName: 'a" or userName eq "b' });
    expect(requests[0]?.[0].searchParams.get('filter')).toBe('userName eq "a\\" or userName eq \\"b"');
  });

  test.each([
    [list({ id: '1', userName: 'ana@example.com', active: true }), 'pass', undefined],
    [list({ id: '1', userName: 'ana@example.com' }), 'pass', undefined],
    [list({ id: '1', userName: 'ana@example.com', active: false }), 'fail', 'personInactive'],
    // Deleted, and provisioned again.
    [
      list(
        { id: '1', userName: 'ana@example.com', active: false },
        { id: '2', userName: 'ana@example.com', active: true },
      ),
      'pass',
      undefined,
    ],
    [list(), 'fail', 'personMissing'],
    [Response.json({ Resources: [{ id: '1' }] }), 'inconclusive', 'unclearAnswer'],
    [Response.json('no list'), 'inconclusive', 'unclearAnswer'],
    [Response.json({ totalResults: 1, Resources: [] }), 'inconclusive', 'unclearAnswer'],
    [Response.json({ totalResults: '2', Resources: null }), 'inconclusive', 'unclearAnswer'],
    [Response.json({ totalResults: '0' }), 'fail', 'personMissing'],
  ])('for a user, with the response %#: %s', async (answer, state, reason) => {
    expect(await asked(checkPerson, () => answer)).toMatchObject({
      state,
      ...(reason === undefined ? {} : { reason }),
    });
  });

  test('a user without a status was shown as active', async () => {
    const { evidence } = await asked(checkPerson, () => list({ id: '1', userName: 'ana@example.com' }));
    expect(evidence).toEqual([{ name: 'person', value: 'ana@example.com' }]);
  });

  test.each([401, 403, 404])(
    "a proxy's page (%i) proves nothing about the token or address",
    async (status) => {
      const page = () =>
        new Response('<html>Blocked</html>', { status, headers: { 'content-type': 'text/html' } });
      const found = await asked(checkPerson, page);
      expect(found).toMatchObject({ state: 'inconclusive', reason: 'unclearAnswer' });
      expect(found.evidence).toContainEqual({ name: 'unexpected', value: 'text/html' });
    },
  );

  test("for a group uses Identity Center's filters: its name, then its ID and the member", async () => {
    const { state, requests } = await asked(checkGroups, ({ pathname, searchParams }) =>
      pathname.endsWith('/Users')
        ? list({ id: 'u1', userName: 'ana@example.com' })
        : searchParams.get('filter')?.includes('u0')
          ? list()
          : list({ id: 'g1', displayName: 'Developers' }),
    );
    expect(state).toBe('pass');
    expect(requests.map(([url]) => url.searchParams.get('filter'))).toEqual([
      'userName eq "ana@example.com"',
      'displayName eq "Developers"',
      'id eq "g1" and members eq "u1"',
      'id eq "g1" and members eq "u0"',
    ]);
  });
});

const users = list({ id: 'a1', userName: 'Ana@Example.com', active: true });

describe("checkPerson: A7: another user's record", () => {
  const zoe = { id: 'z1', userName: 'zoe@example.com', active: false };
  const group = { id: 'g1', displayName: 'Developers' };
  const server = (answers: Readonly<Record<string, Response>>) => (url: URL) => {
    const filter = url.searchParams.get('filter') ?? url.pathname;
    const found = Object.entries(answers).find(([part]) => filter.includes(part));
    return found?.[1].clone() ?? list();
  };

  test('does not count as the requested user', async () => {
    const result = await asked(checkPerson, () => list(zoe));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'filterIgnored' });
    expect(result.evidence).toContainEqual({ name: 'answered', value: 'zoe@example.com' });
  });

  test('hides no one: finds the right one among all users, case-insensitively', async () => {
    const result = await asked(checkPerson, () =>
      list(zoe, { id: 'a1', userName: 'ANA@example.com', active: true }),
    );
    expect(result.state).toBe('pass');
  });

  test.each<[string, Readonly<Record<string, Response>>, string, string | undefined]>([
    ['a member', { userName: users, displayName: list(group), '"a1"': list(group) }, 'pass', undefined],
    ['no member', { userName: users, displayName: list(group) }, 'fail', 'notInGroup'],
    [
      'another group by that name',
      { userName: users, displayName: list({ id: 'g2', displayName: 'Designers' }) },
      'inconclusive',
      'filterIgnored',
    ],
    [
      'another group for the member',
      { userName: users, displayName: list(group), members: list({ id: 'g2', displayName: 'Designers' }) },
      'inconclusive',
      'filterIgnored',
    ],
    [
      'the group for a member who does not exist',
      { userName: users, displayName: list(group), members: list(group) },
      'inconclusive',
      'filterIgnored',
    ],
  ])('%s', async (_, answers, state, reason) => {
    const result = await asked(checkGroups, server(answers));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('looked for the person in a group whose name differs in case', async () => {
    const other = { id: 'g0', displayName: group.displayName.toUpperCase() };
    const answers = {
      userName: users,
      displayName: list(other, group),
      '"g1" and members eq "a1"': list(group),
    };
    expect((await asked(checkGroups, server(answers))).state).toBe('pass');
  });

  const refused = () =>
    Response.json({ detail: 'filter attribute members is not supported' }, { status: 400 });
  test.each<[string, Response, string, string | undefined]>([
    ['in it', Response.json({ ...group, members: [{ value: 'a1' }] }), 'pass', undefined],
    ['not in it', Response.json({ ...group, members: [{ value: 'z1' }] }), 'fail', 'notInGroup'],
    ['perhaps in it', Response.json({ ...group, members: [] }), 'inconclusive', 'membersNotSeen'],
    [
      'perhaps in a group that is a member',
      Response.json({ ...group, members: [{ value: 'g2', type: 'Group' }, { value: 'z1' }] }),
      'inconclusive',
      'membersNotSeen',
    ],
    [
      'perhaps in it, another group is answered',
      Response.json({ id: 'g2', members: [{ value: 'a1' }] }),
      'inconclusive',
      'membersNotSeen',
    ],
    [
      'perhaps in it, the group cannot be read',
      Response.json({}, { status: 405 }),
      'inconclusive',
      'membersNotSeen',
    ],
  ])(
    'B4: reads the group if members cannot be searched, and the user is %s',
    async (_, whole, state, reason) => {
      const result = await asked(
        checkGroups,
        server({ userName: users, displayName: list(group), members: refused(), '/Groups/g1': whole }),
      );
      expect([result.state, result.reason]).toEqual([state, reason]);
    },
  );

  test.each<[string, Response, string, string | undefined]>([
    ['in it', Response.json({ ...group, members: [{ value: 'a1' }] }), 'pass', undefined],
    ['not in it', Response.json({ ...group, members: [{ value: 'z1' }] }), 'fail', 'notInGroup'],
    ['perhaps in it', Response.json(group), 'inconclusive', 'membersNotSeen'],
  ])(
    'reads the group if a server other than AWS’s finds no member, and the user is %s',
    async (_, whole, state, reason) => {
      const scim = server({
        userName: users,
        displayName: list(group),
        members: list(),
        '/Groups/g1': whole,
      });
      const elsewhere = {
        scimEndpoint: 'https://scim.example.com/1/scim/v2',
        confirmedScimHost: 'scim.example.com',
      };
      const result = await asked(checkGroups, scim, elsewhere);
      expect([result.state, result.reason]).toEqual([state, reason]);
    },
  );
});

describe('checkPerson: a list with a count but no results', () => {
  test('reports the member that does not match', async () => {
    const result = await asked(checkPerson, () => Response.json({ totalResults: 3, Resources: [] }));
    expect(result.evidence).toContainEqual({ name: 'unexpected', value: 'totalResults' });
  });
});
