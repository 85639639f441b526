import { describe, expect, test } from 'vitest';
import type { FlowName, FlowStyle } from '../../../../src/core/oauth/flows.ts';
import { flowsFor } from '../../../../src/core/oauth/flows.ts';
import { flowTable } from '../../../../src/features/flowTable.ts';
import type { Host } from '../../../../src/features/flowTable.ts';

const both: readonly FlowName[] = ['authorizationCode', 'deviceCode'];

describe('flowsFor: the flows for a connection', () => {
  test.each<
    readonly [string, Host, FlowStyle, FlowName | undefined, readonly FlowName[], readonly FlowName[]]
  >([
    [
      'in the order of the host',
      'local',
      'redirectFirst',
      undefined,
      both,
      ['authorizationCode', 'deviceCode'],
    ],
    [
      'the wanted one first',
      'local',
      'redirectFirst',
      'deviceCode',
      both,
      ['deviceCode', 'authorizationCode'],
    ],
    [
      'the wanted one first at Identity Center too',
      'local',
      'deviceCodeFirst',
      'authorizationCode',
      both,
      ['authorizationCode', 'deviceCode'],
    ],
    ['only what the host has', 'webWorkbench', 'deviceCodeFirst', 'authorizationCode', both, ['deviceCode']],
    [
      'only what the server has',
      'local',
      'redirectFirst',
      undefined,
      ['authorizationCode'],
      ['authorizationCode'],
    ],
    [
      'never what the server lacks',
      'local',
      'redirectFirst',
      'deviceCode',
      ['authorizationCode'],
      ['authorizationCode'],
    ],
    [
      'pasting, where the browser is elsewhere and the server has no device code',
      'webWorkbench',
      'redirectFirst',
      undefined,
      ['authorizationCode'],
      ['authorizationCode'],
    ],
    ['none, where nothing fits', 'webWorkbench', 'deviceCodeFirst', undefined, ['authorizationCode'], []],
  ])('are %s', (_, host, type, wanted, offered, flows) => {
    expect(flowsFor(flowTable[host], type, wanted, offered)).toEqual(flows);
  });
});
