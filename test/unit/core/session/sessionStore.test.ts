import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { createSessionStore } from '../../../../src/core/session/sessionStore.ts';
import { identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakeRecords } from '../../fakes/fakeRecords.ts';
import { jwt } from '../../fakes/jwt.ts';
import { migrateRecord } from '../../../../src/features/oldRecords.ts';

const { id } = oktaSession;
const { issuer } = oktaSession.connection;
const record = (session: object, version = 3) => JSON.stringify({ version, session });

/** A store with `text` as the Okta session's record. */
function world(text?: string) {
  const records = fakeRecords();
  const log = fakeLog();
  if (text !== undefined) records.map.set(id, { record: text, about: '' });
  return {
    records,
    log,
    store: createSessionStore(records, log, async (record) => migrateRecord(record)),
  };
}

describe('createSessionStore: stored sessions', () => {
  test('can be read back', async () => {
    const { store } = world();
    await store.put(oktaSession);
    await store.put(identityCenterSession);
    expect(await store.get(id)).toEqual({ session: oktaSession, newest: true });
    expect(await store.all()).toEqual({ sessions: [identityCenterSession, oktaSession], lost: [] });
  });

  test('have one versioned record each', async () => {
    const { records, store } = world();
    await store.put(oktaSession);
    expect([...records.map.keys()]).toEqual([id]);
    expect(JSON.parse(records.map.get(id)?.record ?? '')).toMatchObject({ version: 3 });
  });

  test('expose nothing secret in their plain-text details', async () => {
    const { records, store } = world();
    await store.put(identityCenterSession);
    const { about = '' } = records.map.get(identityCenterSession.id) ?? {};
    expect(about).toContain('d-1234567890.awsapps.com');
    expect(about).not.toMatch(/access-1|refresh-1|client-1|client-secret-1/);
  });

  test('are replaced by a newer one', async () => {
    const { store } = world();
    await store.put(oktaSession);
    const later = { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, accessToken: 'access-2' } };
    await store.put(later);
    expect(await store.all()).toEqual({ sessions: [later], lost: [] });
  });

  test('are gone after removal', async () => {
    const { store } = world();
    await store.put(oktaSession);
    await store.remove(id);
    expect(await store.get(id)).toBeUndefined();
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
  });

  test.each([
    ['grantOver', 'grantRevoked'],
    ['registrationExpired', 'registrationRefused'],
  ])('of version 2 (release 0.1.0) are read: %s is %s', async (old, kind) => {
    const { store } = world(record({ ...oktaSession, ended: { at: 1, kind: old } }, 2));
    expect((await store.get(id))?.session.ended).toEqual({ at: 1, kind });
  });

  test.each([
    ['the login alone', { id: `${issuer} 00u1`, label: 'ada@example.com' }],
    ['the host behind the login', { id: `${issuer} 00u1`, label: 'ada@example.com (example.okta.com)' }],
    [
      '07.01: the issuer that another server claimed',
      { id: 'https://evil.example 00u1', label: 'ada@example.com' },
    ],
  ])('of version 2 get the account of their own issuer: %s', async (_, account) => {
    const { store } = world(record({ ...oktaSession, account }, 2));
    expect((await store.get(id))?.session).toMatchObject({ id, account: oktaSession.account });
  });

  test('of version 2 get the account from the token, whatever was stored', async () => {
    const accessToken = jwt({ iss: 'https://evil.example', uid: '00u1', sub: 'ada@example.com' });
    const account = { id: 'https://evil.example 00u1', label: 'ada@example.com' };
    const session = { ...oktaSession, account, tokenSet: { ...oktaSession.tokenSet, accessToken } };
    const { store } = world(record(session, 2));
    expect((await store.get(id))?.session.account).toEqual(oktaSession.account);
  });

  test('of version 1 are read, with the sign-in time of the token', async () => {
    const { signedInAt: _, ...old } = oktaSession;
    const { store } = world(record(old, 1));
    expect(await store.get(id)).toEqual({ session: { ...old, signedInAt: january }, newest: true });
  });
});

describe('createSessionStore: a record with a newer version in another window', () => {
  test('is reported as not the newest', async () => {
    const { records, store } = world();
    records.readings.set(id, { state: 'older', record: record(oktaSession) });
    expect(await store.get(id)).toEqual({ session: oktaSession, newest: false });
  });
});

describe('createSessionStore: a record without its secret', () => {
  test('is reported as lost, with its plain-text details', async () => {
    const { records, store } = world();
    await store.put(oktaSession);
    records.readings.set(id, { state: 'lost', about: records.map.get(id)?.about ?? '' });
    expect(await store.get(id)).toBeUndefined();
    const { connection, account } = oktaSession;
    expect(await store.all()).toEqual({
      sessions: [],
      lost: [{ id, accountLabel: account.label, accountName: account.name, connection }],
    });
  });

  test.each(['', '{', 'null', '{"accountLabel":1}'])(
    'and with the trace %j counts as missing',
    async (about) => {
      const { records, store } = world();
      records.readings.set(id, { state: 'lost', about });
      expect(await store.all()).toEqual({ sessions: [], lost: [] });
    },
  );
});

describe('createSessionStore: an unreadable record', () => {
  const unreadable = [
    ['no JSON', '{"version":2,', []],
    ['empty', '', []],
    ['null', 'null', []],
    ['without a connection', record({ ...oktaSession, connection: {} }), []],
    ['of version 0', record(oktaSession, 0), [oktaSession]],
    ['of another shape', record({ ...oktaSession, server: 'okta' }), [oktaSession]],
    ["another session's", record(identityCenterSession), [identityCenterSession]],
  ] as const;

  test.each(unreadable)('because it is %s stays in place', async (_, text) => {
    const { records, store } = world(text);
    expect(await store.get(id)).toBeUndefined();
    expect(records.map.get(id)?.record).toBe(text);
  });

  test.each(unreadable)(
    'because it is %s left a second copy of its tokens, which nothing read',
    async (_, text) => {
      const { records, store } = world(text);
      await store.all();
      expect([...records.map]).toEqual([[id, { record: text, about: '' }]]);
    },
  );

  test.each(unreadable)(
    'because it is %s does not hide the others, and is listed, even without its file, if it says whose it is',
    async (_, text, listed) => {
      const { store } = world(text);
      await store.put(identityCenterSession);
      const lost = listed.map(({ account, connection }) => ({
        ...{ id, accountLabel: account.label, connection, isUnreadable: true },
        ...('name' in account ? { accountName: account.name } : {}),
      }));
      expect(await store.all()).toEqual({ sessions: [identityCenterSession], lost });
    },
  );

  test('is logged once, without its content', async () => {
    const { log, store } = world(record({ ...oktaSession, server: 'okta' }));
    await store.all();
    await store.all();
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^error /);
    expect(log.lines[0]).toContain(id);
    expect(log.lines[0]).not.toMatch(/access-1|refresh-1/);
  });

  test('is replaced by a new session', async () => {
    const { store } = world('{');
    await store.all();
    await store.put(oktaSession);
    expect(await store.all()).toEqual({ sessions: [oktaSession], lost: [] });
  });

  test('from a newer version stays: a window before its reload does not end a session', async () => {
    const { records, store } = world(record(oktaSession, 4));
    expect(await store.get(id)).toBeUndefined();
    expect(records.map.has(id)).toBe(true);
  });
});

test('05.11: one unreadable record does not hide others, and is reported with its reason', async () => {
  const records = fakeRecords();
  const log = fakeLog();
  const store = createSessionStore(records, log, async (record) => migrateRecord(record));
  await store.put(oktaSession);
  await store.put(identityCenterSession);
  const read = (id: string) => original.read(id);
  const original = { ...records };
  records.read = (id) =>
    id === oktaSession.id
      ? Promise.reject(new SignInError('storage', { operation: 'session', code: 'EACCES' }))
      : read(id);
  const unreadable = [{ id: oktaSession.id, code: 'EACCES' }];
  expect(await store.all()).toEqual({ sessions: [identityCenterSession], lost: [], unreadable });
  await store.all();
  expect(log.lines.filter((line) => line.includes('EACCES'))).toHaveLength(1);
});
