import { describe, expect, test } from 'vitest';
import { entryOf, readCacheEntry } from '../../../src/features/cliCacheEntry.ts';
import type { AwsCliTokenAsFound } from '../../../src/features/awsCli.ts';
import { identityCenterSession, january } from '../fakes/examples.ts';

const own: AwsCliTokenAsFound = { ...entryOf(identityCenterSession), writtenAt: january };
const theirs = { ...own, accessToken: 'access-sdk' };
const another = { ...own, clientId: 'client-of-the-cli' };

/** Looks at a cache that answers each reading with the next of these, and the last one again and again. */
async function look(...readings: readonly (AwsCliTokenAsFound | 'unreadable' | undefined)[]) {
  const slept: number[] = [];
  const left = [...readings];
  const clock = { now: () => january, sleep: async (pause: number) => void slept.push(pause) };
  const cache = {
    read: async () => (left.length > 1 ? left.shift() : left[0]),
    write: () => Promise.reject(new Error('It only looks')),
    remove: () => Promise.reject(new Error('It only looks')),
  };
  const found = await readCacheEntry(clock, cache, { name: 'my-company', session: identityCenterSession });
  return { ...found, slept };
}

describe('readCacheEntry', () => {
  test.each([
    ['no entry', undefined, 'gone'],
    ['this session’s own token', own, 'unchanged'],
    ['another token of its client', theirs, 'refreshed'],
    ['another token that others could have written', { ...theirs, othersCanWrite: true }, 'notPrivate'],
    ['a sign-in of the CLI’s own', another, 'foreign'],
    ['a sign-in of the CLI’s own in another Region', { ...own, region: 'eu-west-1' }, 'foreign'],
    [
      'one that has expired, registration and all',
      { ...another, expiresAt: january, registrationExpiresAt: january },
      'free',
    ],
    ['one that can still be refreshed', { ...another, expiresAt: january }, 'foreign'],
  ] as const)('%s', async (_, found, state) => {
    expect(await look(found)).toMatchObject({ state, slept: [] });
  });

  test('an entry that is being written is read again until it is whole', async () => {
    expect(await look('unreadable', 'unreadable', theirs)).toMatchObject({
      state: 'refreshed',
      slept: [20, 50],
    });
  });

  test('an entry that stays unreadable may be replaced', async () => {
    expect(await look('unreadable')).toMatchObject({ state: 'free', slept: [20, 50, 100, 200] });
  });
});

describe('entryOf', () => {
  test('has the tokens and the client of a session, or only those that it has', () => {
    const { refreshToken: _none, ...tokenSet } = identityCenterSession.tokenSet;
    expect(own).toMatchObject({ refreshToken: identityCenterSession.tokenSet.refreshToken });
    expect(entryOf({ ...identityCenterSession, tokenSet })).not.toHaveProperty('refreshToken');
  });
});
