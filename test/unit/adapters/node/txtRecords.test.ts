import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTxtLookups } from '../../../../src/adapters/node/txtRecords.ts';
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

describe('createTxtLookups: TXT records', () => {
  test('are complete, in whatever parts they are sent', async () => {
    const { txt } = createTxtLookups({ servers: [names.address] });
    expect(await txt('example.com', never)).toEqual({
      records: ['v=spf1 -all', `token=${'x'.repeat(600)}`],
      servers: [names.address],
    });
  });

  test('of a name without any, and of an unknown name, are empty', async () => {
    const { txt } = createTxtLookups({ servers: [names.address] });
    expect(await txt('empty.example.com', never)).toMatchObject({ records: [] });
    expect(await txt('nowhere.example.com', never)).toMatchObject({ records: [] });
  });

  test('are no longer requested when the caller cancels', async () => {
    const silent = await startNameServer();
    await silent.close(); // The port is closed now.
    const cancelled = new AbortController();
    const asked = createTxtLookups({ servers: [silent.address] }).txt('example.com', cancelled.signal);
    cancelled.abort();
    await expect(asked).rejects.toMatchObject({ name: 'SignInError' });
  });
});

describe("createTxtLookups: B7: TXT records from the zone's own name servers", () => {
  const port = (server: NameServer): number => Number(server.address.split(':')[1]);

  test('are found even if the local resolver disagrees', async () => {
    await using inside = await opened({ 'example.org': ['internal'] });
    await using outside = await opened({ 'example.org': ['public'], 'login.example.org': ['below'] });
    inside.server.zones.add('example.org');
    const { txt, zoneTxt } = createTxtLookups({
      servers: [inside.server.address],
      namePort: port(outside.server),
    });
    expect(await txt('example.org', never)).toMatchObject({ records: ['internal'] });
    expect(await zoneTxt('example.org', never)).toEqual({
      records: ['public'],
      servers: [outside.server.address],
    });
    expect(await zoneTxt('login.example.org', never)).toMatchObject({ records: ['below'] });
    expect(await zoneTxt('nowhere.example.org', never)).toMatchObject({ records: [] });
  });

  test('are unknown if the zone, or its servers, cannot be asked', async () => {
    await using inside = await opened({});
    const closed = await startNameServer();
    await closed.close();
    const lookups = createTxtLookups({ servers: [inside.server.address], namePort: port(closed) });
    expect(await lookups.zoneTxt('example.org', never)).toBeUndefined();
    inside.server.zones.add('example.org');
    expect(await lookups.zoneTxt('example.org', never)).toBeUndefined();
  });

  test('an alias into another zone had no records for its zone’s servers', async () => {
    await using inside = await opened({});
    await using outside = await opened({ 'verify.example.net': ['public'] });
    for (const zone of ['example.org', 'example.net']) inside.server.zones.add(zone);
    outside.server.aliases.set('_kiro.example.org', 'verify.example.net');
    const lookups = createTxtLookups({ servers: [inside.server.address], namePort: port(outside.server) });
    expect(await lookups.zoneTxt('_kiro.example.org', never)).toMatchObject({ records: ['public'] });
    outside.server.aliases.set('verify.example.net', '_kiro.example.org');
    outside.server.records.clear();
    expect(await lookups.zoneTxt('_kiro.example.org', never)).toBeUndefined();
  });

  test.each(['10.1.2.3', '192.168.0.53', '172.20.0.1', 'fd00::53'])(
    'the name server %s of an internal zone was taken for a public one',
    async (server) => {
      const resolver = vi.spyOn(Resolver.prototype, 'resolveNs').mockResolvedValue(['dc1.example.org']);
      vi.spyOn(Resolver.prototype, 'resolve4').mockResolvedValue(server.includes(':') ? [] : [server]);
      vi.spyOn(Resolver.prototype, 'resolve6').mockResolvedValue(server.includes(':') ? [server] : []);
      onTestFinished(() => void vi.restoreAllMocks());
      const asked = await createTxtLookups().zoneTxt('example.org', never);
      expect(asked).toEqual({ records: [], servers: [server], isInternal: true });
      expect(resolver).toHaveBeenCalledTimes(1);
    },
  );

  async function opened(records: Readonly<Record<string, readonly string[]>>) {
    const server = await startNameServer();
    for (const [name, values] of Object.entries(records)) server.records.set(name, values);
    return { server, [Symbol.asyncDispose]: () => server.close() };
  }
});
