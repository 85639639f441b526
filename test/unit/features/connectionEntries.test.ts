import { describe, expect, test } from 'vitest';
import { connectionKey } from '../../../src/core/connection/connection.ts';
import {
  lastUsedFirst,
  readEntry,
  withConnection,
  withoutConnection,
} from '../../../src/features/connectionEntries.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';

const broken = { type: 'okta', nmae: 'mistyped' };

describe('readEntry: an entry', () => {
  test('is read in its normal form', () => {
    const issuer = `${oktaConnection.issuer}/`;
    expect(readEntry({ ...oktaConnection, issuer })).toEqual({ connection: oktaConnection });
  });

  test.each([
    [{ ...oktaConnection, issuer: 'ftp://example.okta.com' }, 'issuer', 'notHttps'],
    [{ ...identityCenterConnection, startUrl: 'none' }, 'startUrl', 'notUrl'],
    [{ ...identityCenterConnection, region: 'Frankfurt' }, 'region', undefined],
    [{ ...identityCenterConnection, name: '' }, 'name', undefined],
    [broken, 'name', undefined],
    ['text', '', undefined],
    [undefined, '', undefined],
  ])('%j is invalid at %j', (entry, where, reason) => {
    const reading = readEntry(entry);
    expect(reading).toMatchObject({ where });
    if ('error' in reading) expect(reading.error.details.reason).toBe(reason);
  });
});

describe('withConnection: entries', () => {
  const entries = [broken, oktaConnection, 'text', identityCenterConnection];

  test('append another connection', () => {
    const other = { ...oktaConnection, clientId: 'other' };
    expect(withConnection(entries, other)).toEqual([...entries, other]);
  });

  test('replace a changed connection in place, and keep unreadable entries', () => {
    const renamed = { ...oktaConnection, name: 'Renamed' };
    expect(withConnection(entries, renamed)).toEqual([broken, renamed, 'text', identityCenterConnection]);
  });

  test('replace one connection with another', () => {
    const moved = { ...identityCenterConnection, region: 'us-east-1' };
    expect(withConnection(entries, moved, identityCenterConnection)).toEqual([
      broken,
      oktaConnection,
      'text',
      moved,
    ]);
  });

  test('contain a connection once, even if it was there in two spellings', () => {
    const twice = [oktaConnection, { ...oktaConnection, issuer: `${oktaConnection.issuer}/` }];
    expect(withConnection(twice, { ...oktaConnection, name: 'New' })).toEqual([
      { ...oktaConnection, name: 'New' },
    ]);
    const other = { ...oktaConnection, clientId: 'other' };
    expect(withConnection([oktaConnection, other], other, oktaConnection)).toEqual([other]);
  });

  test('lose only the removed connection', () => {
    expect(withoutConnection(entries, oktaConnection)).toEqual([broken, 'text', identityCenterConnection]);
    expect(withoutConnection(entries, { ...oktaConnection, clientId: 'other' })).toEqual(entries);
  });
});

test('the most recently used connection comes first, and the others keep their order', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((clientId) => ({ ...oktaConnection, clientId })) as [
    typeof oktaConnection,
    typeof oktaConnection,
    typeof oktaConnection,
  ];
  expect(lastUsedFirst([a, b, c], [])).toEqual([a, b, c]);
  expect(lastUsedFirst([a, b, c], [connectionKey(c)])).toEqual([c, a, b]);
  expect(lastUsedFirst([a, b, c], ['gone', connectionKey(b), connectionKey(a)])).toEqual([b, a, c]);
});
