import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTxtRecords } from '../../../../src/adapters/node/txtRecords.ts';
import { startNameServer } from '../../../sandbox/dns.ts';
import type { NameServer } from '../../../sandbox/dns.ts';

let names: NameServer;
const never = new AbortController().signal;

beforeAll(async () => {
  names = await startNameServer();
  names.records.set('example.com', ['v=spf1 -all', `token=${'x'.repeat(600)}`]);
  names.records.set('empty.example.com', []);
});
afterAll(() => names.close());

describe('TXT records', () => {
  test('come whole, whatever parts they are sent in', async () => {
    const txtRecords = createTxtRecords([names.address]);
    expect(await txtRecords('example.com', never)).toEqual(['v=spf1 -all', `token=${'x'.repeat(600)}`]);
  });

  test('of a name without any, and of no name at all, are empty', async () => {
    const txtRecords = createTxtRecords([names.address]);
    expect(await txtRecords('empty.example.com', never)).toEqual([]);
    expect(await txtRecords('nowhere.example.com', never)).toEqual([]);
  });

  test('are not asked for any more when the caller gives up', async () => {
    const silent = await startNameServer();
    await silent.close(); // The port is closed now.
    const cancelled = new AbortController();
    const asked = createTxtRecords([silent.address])('example.com', cancelled.signal);
    cancelled.abort();
    await expect(asked).rejects.toMatchObject({ name: 'SignInError' });
  });
});
