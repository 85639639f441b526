import { describe, expect, test } from 'vitest';
import type { HostFlows } from '../../../src/core/oauth/flows.ts';
import { flowTable } from '../../../src/features/flowTable.ts';
import type { Host } from '../../../src/features/flowTable.ts';

describe('flowTable: the flow table', () => {
  const rows: readonly (readonly [Host, string, HostFlows['loopback'], string, string])[] = [
    [
      'local',
      'the extension runs beside the browser, so localhost is the same machine for both',
      'works',
      'deviceCode authorizationCode',
      'authorizationCode deviceCode',
    ],
    [
      'remoteWorkspace',
      "the browser's localhost is another machine, and only what it came to can be pasted",
      'never',
      'deviceCode',
      'deviceCode authorizationCode',
    ],
    [
      'loopbackWorkbench',
      'the browser is probably on this machine, and an SSH tunnel looks the same',
      'perhaps',
      'deviceCode authorizationCode',
      'authorizationCode deviceCode',
    ],
    [
      'webWorkbench',
      "the extension's machine is not the browser's",
      'never',
      'deviceCode',
      'deviceCode authorizationCode',
    ],
  ];

  test.each(rows)('%s: %s, so loopback %s', (host, _, loopback, identityCenter, okta) => {
    const row = flowTable[host];
    expect(row.loopback).toBe(loopback);
    expect(row.order.deviceCodeFirst.join(' ')).toBe(identityCenter);
    expect(row.order.redirectFirst.join(' ')).toBe(okta);
  });

  test('every row is tested here', () => {
    expect(rows.map(([host]) => host).sort()).toEqual(Object.keys(flowTable).sort());
  });

  test.each(Object.values(flowTable))(
    'starts with a flow without a redirect if redirects never arrive: %o',
    (row) => {
      if (row.loopback !== 'never') return;
      expect([row.order.deviceCodeFirst[0], row.order.redirectFirst[0]]).toEqual([
        'deviceCode',
        'deviceCode',
      ]);
    },
  );
});
