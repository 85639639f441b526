import { describe, expect, test } from 'vitest';
import { maskedAccount, namingSessions, sessionName } from '../../../src/features/sessionNames.ts';
import { createSessionStore } from '../../../src/core/session/sessionStore.ts';
import { identityCenterSession, oktaSession } from '../fakes/examples.ts';
import { fakeLog } from '../fakes/fakeLog.ts';
import { fakeRecords } from '../fakes/fakeRecords.ts';

const store = () => createSessionStore(fakeRecords(), fakeLog());

test('maskedAccount keeps the first letter and the domain of a login', () => {
  const masked = (label: string, name?: string) =>
    maskedAccount({ id: 'x', label, ...(name === undefined ? {} : { name }) });
  const login = 'ana@example.com';
  expect(masked(`${login} (acme.okta.com)`, login)).toBe('a…@example.com (acme.okta.com)');
  expect(masked(`${login} (acme.okta.com)`)).toBe('a…@example.com (acme.okta.com)');
  expect(masked('d-1234567890.awsapps.com')).toBe('d-1234567890.awsapps.com');
});

test.each(['ana.smith', 'Ana Smith', 'CORP\\ana'])('a login without a domain was not masked: %s', (login) => {
  const account = { id: 'x', label: `${login} (login.example.com)`, name: login };
  expect(maskedAccount(account)).toBe(`${login.slice(0, 1)}… (login.example.com)`);
});

test('sessionName is the masked account with the start of the ID', () => {
  const name = sessionName({
    ...oktaSession,
    account: { ...oktaSession.account, label: 'ana@example.com (a)' },
  });
  expect(name).toBe(`a…@example.com (a) ${oktaSession.id.slice(0, 8)}`);
});

describe('namingSessions', () => {
  test.each([
    ['put', async (named: ReturnType<typeof store>) => named.put(oktaSession)],
    ['replace', async (named: ReturnType<typeof store>) => named.replace(oktaSession, undefined)],
  ] as const)('knows a session after %s', async (_, work) => {
    const names = new Map<string, string>();
    await work(namingSessions(store(), names));
    expect(names).toEqual(new Map([[oktaSession.id, sessionName(oktaSession)]]));
  });

  test('includes sessions stored earlier, once they are read', async () => {
    const plain = store();
    await plain.put(oktaSession);
    await plain.put(identityCenterSession);
    const names = new Map<string, string>();
    const named = namingSessions(plain, names);
    expect(await named.get(oktaSession.id)).toMatchObject({ session: oktaSession });
    expect([...names.keys()]).toEqual([oktaSession.id]);
    await named.all();
    expect([...names.keys()].sort()).toEqual([identityCenterSession.id, oktaSession.id].sort());
  });
});
