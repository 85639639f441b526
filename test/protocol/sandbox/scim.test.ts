import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chain, startChain } from '../../sandbox/chain.ts';

const PATCH = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

let chain: Chain;

beforeAll(async () => {
  chain = await startChain();
});

afterAll(() => chain.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly Resources?: readonly Record<string, unknown>[] };
}

async function scim(
  method: string,
  path: string,
  body?: object,
  token = chain.federated.scim.token(),
): Promise<Answer> {
  const { endpoint } = chain.describe().identityCenter.federated.scim;
  const response = await fetch(path.startsWith('http') ? path : endpoint + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
}

const filtered = (kind: string, filter: string): Promise<Answer> =>
  scim('GET', `/${kind}?${new URLSearchParams({ filter })}`);

const user = (userName: string): object => ({
  schemas: [USER],
  userName,
  displayName: 'Gil Gray',
  name: { givenName: 'Gil', familyName: 'Gray' },
  emails: [{ value: userName, primary: true, type: 'work' }],
  active: true,
});

describe('provisioning from Okta', () => {
  it('covers every user assigned to the SAML application, except those that the service rejected', () => {
    const { store } = chain.federated;
    expect(store.users().map(({ userName, active }) => [userName, active])).toEqual([
      ['ana@example.com', true],
      ['ben@example.com', true],
      ['eli@example.com', false],
    ]);
    expect(store.groups().map(({ displayName, members }) => [displayName, members.length])).toEqual([
      ['Developers', 3],
    ]);
  });

  it('follows the assignments: deactivates without an assignment, activates again with one', async () => {
    const { okta, provisioning, federated } = chain;
    okta.assignments.assign('saml', 'dee@example.com');
    expect(await provisioning.run()).toMatchObject({ created: ['dee@example.com'], deactivated: [] });
    okta.assignments.unassign('saml', 'dee@example.com');
    expect(await provisioning.run()).toMatchObject({ created: [], deactivated: ['dee@example.com'] });
    expect(federated.store.userNamed('dee@example.com')?.active).toBe(false);
    okta.assignments.assign('saml', 'dee@example.com');
    expect(await provisioning.run()).toMatchObject({ created: [], reactivated: ['dee@example.com'] });
    expect(federated.store.userNamed('dee@example.com')?.active).toBe(true);
    okta.assignments.unassign('saml', 'dee@example.com');
    await provisioning.run();
  });

  it("reports users that it could not provision, with the service's message", async () => {
    expect((await chain.provisioning.run()).failures).toEqual([
      {
        subject: 'fay@example.com',
        status: 400,
        detail: 'Request is unparsable, syntactically incorrect, or violates schema.',
      },
    ]);
  });

  it('does not use bulk requests, and changes memberships in batches', () => {
    const operations = new Set(
      chain.requestLog.list('identityCenter.scim').map(({ operation }) => operation),
    );
    expect(operations).toContain('identityCenter.scim:patchGroup');
    expect([...operations].filter((operation) => /bulk|putGroup/i.test(operation))).toEqual([]);
  });
});

describe('a reader', () => {
  it('finds a user by user name, case-insensitively', async () => {
    const { status, body } = await filtered('Users', 'userName eq "ANA@example.com"');
    expect(status).toBe(200);
    expect(body).toMatchObject({ totalResults: 1, itemsPerPage: 50, startIndex: 1 });
    expect(body.Resources).toEqual([
      {
        schemas: [USER],
        id: expect.stringMatching(/^9967c1a0de-[0-9a-f-]{36}$/) as string,
        externalId: '00uana1sandbox5d7',
        userName: 'ana@example.com',
        name: { givenName: 'Ana', familyName: 'Alves' },
        displayName: 'Ana Alves',
        emails: [{ value: 'ana@example.com', primary: true, type: 'work' }],
        locale: 'en-US',
        active: true,
        meta: {
          resourceType: 'User',
          created: expect.stringMatching(/^20/) as string,
          lastModified: expect.stringMatching(/^20/) as string,
        },
      },
    ]);
  });

  it('checks a membership by group and user', async () => {
    const [group] = (await filtered('Groups', 'displayName eq "Developers"')).body.Resources ?? [];
    expect(group).toMatchObject({ displayName: 'Developers', members: [] });
    const member = async (userName: string): Promise<unknown> => {
      const id = chain.federated.store.userNamed(userName)?.id ?? 'unknown';
      return (await filtered('Groups', `id eq "${String(group?.['id'])}" and members eq "${id}"`)).body[
        'totalResults'
      ];
    };
    expect(await member('ana@example.com')).toBe(1);
    expect(await member('dee@example.com')).toBe(0);
  });

  it("gets the service's capabilities", async () => {
    const { body } = await scim('GET', '/ServiceProviderConfig');
    expect(body).toMatchObject({
      bulk: { supported: false },
      filter: { supported: true, maxResults: 50 },
      patch: { supported: true },
      sort: { supported: false },
    });
    expect((await scim('GET', '/Schemas')).status).toBe(200);
    expect((await scim('GET', '/ResourceTypes')).status).toBe(200);
  });

  it('gets at most fifty results, and no second page', async () => {
    const { store } = chain.federated;
    const names = Array.from({ length: 60 }, (_, index) => `many${index}@example.com`);
    const added = names.map((userName) => store.saveUser(undefined, { userName }).id);
    const { body } = await scim('GET', '/Users');
    expect(body.Resources).toHaveLength(50);
    expect((await scim('GET', '/Users?startIndex=51')).status).toBe(400);
    added.forEach((id) => store.remove(id));
  });

  it.each([
    ['Users', 'userName sw "ana"'],
    ['Users', 'userName eq "ana@example.com" or userName eq "ben@example.com"'],
    ['Users', 'active eq "true"'],
    ['Users', 'userName eq "ana@example.com" and externalId eq "1"'],
    ['Users', 'not (userName eq "ana@example.com")'],
    ['Groups', 'members eq "1"'],
    ['Groups', 'displayName co "Dev"'],
  ])('cannot use the filter of %s: %s', async (kind, filter) => {
    expect((await filtered(kind, filter)).status).toBe(400);
  });
});

describe('a writer', () => {
  it('creates, replaces, changes and removes a user', async () => {
    const created = await scim('POST', '/Users', user('gil@example.com'));
    expect(created.status).toBe(201);
    const id = String(created.body['id']);
    const operations = [{ op: 'replace', path: 'displayName', value: 'Gilbert Gray' }];
    const changed = await scim('PATCH', `/Users/${id}`, { schemas: PATCH, Operations: operations });
    expect(changed).toMatchObject({ status: 200, body: { displayName: 'Gilbert Gray' } });
    expect(await scim('PUT', `/Users/${id}`, user('gil@example.com'))).toMatchObject({
      status: 200,
      body: { id, displayName: 'Gil Gray' },
    });
    expect((await scim('POST', '/Users', user('GIL@example.com'))).status).toBe(409);
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
  });

  it.each(['userName', 'displayName', 'name', 'emails'])(
    'cannot create a user with a wrong %s',
    async (name) => {
      const two = [{ value: 'a@example.com' }, { value: 'b@example.com' }];
      const wrong = { ...user('hal@example.com'), [name]: name === 'emails' ? two : undefined };
      expect((await scim('POST', '/Users', wrong)).status).toBe(400);
    },
  );

  it('changes members individually, never all at once', async () => {
    const { body } = await scim('POST', '/Groups', { schemas: [GROUP], displayName: 'Testers' });
    const ana = chain.federated.store.userNamed('ana@example.com')?.id ?? '';
    const patch = async (operation: object): Promise<number> =>
      (await scim('PATCH', `/Groups/${String(body['id'])}`, { schemas: PATCH, Operations: [operation] }))
        .status;
    const members = (): readonly string[] =>
      chain.federated.store.groups().find(({ displayName }) => displayName === 'Testers')?.members ?? [];

    expect(await patch({ op: 'add', path: 'members', value: [{ value: ana }] })).toBe(204);
    expect(members()).toEqual([ana]);
    expect(await patch({ op: 'replace', path: 'members', value: [] })).toBe(400);
    expect(await patch({ op: 'replace', value: { members: [] } })).toBe(400);
    expect(await patch({ op: 'remove', path: 'members' })).toBe(400);
    expect(await patch({ op: 'replace', path: 'active', value: false })).toBe(400);
    const crowd = Array.from({ length: 101 }, (_, index) => ({ value: String(index) }));
    expect(await patch({ op: 'add', path: 'members', value: crowd })).toBe(400);
    expect(members()).toEqual([ana]);
    expect(await patch({ op: 'remove', path: 'members', value: [{ value: ana }] })).toBe(204);
    expect(members()).toEqual([]);
    expect(await patch({ op: 'add', path: 'members', value: [{ value: ana }] })).toBe(204);
    expect(await patch({ op: 'remove', path: `members[value eq "${ana}"]` })).toBe(204);
    expect(members()).toEqual([]);
    expect(await patch({ op: 'add', path: 'members', value: [{ value: 'unknown' }] })).toBe(404);
    expect((await scim('PUT', `/Groups/${String(body['id'])}`, { displayName: 'T' })).status).toBe(404);
    expect((await scim('DELETE', `/Groups/${String(body['id'])}`)).status).toBe(204);
  });

  it('cannot use bulk or search', async () => {
    expect((await scim('POST', '/Bulk', {})).status).toBe(404);
    expect((await scim('POST', '/.search', {})).status).toBe(404);
    expect((await scim('POST', '/Users/.search', {})).status).toBe(404);
  });
});

describe('a client with the wrong token or address', () => {
  it("gets the matching error in the service's format", async () => {
    const { scim: access } = chain.federated;
    expect(await scim('GET', '/ServiceProviderConfig', undefined, 'wrong')).toEqual({
      status: 401,
      body: {
        schema: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        detail: expect.any(String) as string,
        status: '401',
        exceptionRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        timeStamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/) as string,
      },
    });
    access.forbid(true);
    expect((await scim('GET', '/ServiceProviderConfig')).status).toBe(403);
    access.forbid(false);
    expect((await scim('GET', '/ServiceProviderConfig')).status).toBe(200);
    const old = access.token();
    access.revokeToken();
    expect((await scim('GET', '/ServiceProviderConfig', undefined, old)).status).toBe(401);
    expect(await chain.provisioning.testCredentials()).toMatchObject({ status: 401 });
    access.generateToken();
    expect((await scim('GET', '/ServiceProviderConfig')).status).toBe(200);
  });

  it('finds no endpoint of another tenant, another Region, another path, or with an extra slash', async () => {
    const { endpoint } = chain.describe().identityCenter.federated.scim;
    const status = async (address: string): Promise<number> => (await scim('GET', address)).status;
    expect(await status(`${endpoint}/ServiceProviderConfig`)).toBe(200);
    expect(await status(`${endpoint.replace(/\w{4}-/, 'ffff-')}/ServiceProviderConfig`)).toBe(401);
    expect(await status(`${endpoint.replace('eu-central-1', 'us-east-1')}/ServiceProviderConfig`)).toBe(401);
    expect(await status(`${endpoint}/People`)).toBe(404);
    expect(await status(`${endpoint}//Users`)).toBe(404);
    expect(await status(endpoint)).toBe(404);
  });
});
