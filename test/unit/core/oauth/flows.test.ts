import { describe, expect, test } from 'vitest';
import type {
  FlowName,
  Host,
  EditorEnvironment,
  EnvironmentFlows,
  FlowStyle,
} from '../../../../src/core/oauth/flows.ts';
import { flowsFor, flowTable, classifyEnvironment } from '../../../../src/core/oauth/flows.ts';

const both: readonly FlowName[] = ['authorizationCode', 'deviceCode'];

describe('the flow table', () => {
  const rows: readonly (readonly [Host, string, EnvironmentFlows['loopback'], string, string])[] = [
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

  test('has no row that is not tested here', () => {
    expect(rows.map(([host]) => host).sort()).toEqual(Object.keys(flowTable).sort());
  });

  test.each(Object.values(flowTable))(
    'begins with what needs no way back where the redirect never arrives: %o',
    (row) => {
      if (row.loopback !== 'never') return;
      expect([row.order.deviceCodeFirst[0], row.order.redirectFirst[0]]).toEqual([
        'deviceCode',
        'deviceCode',
      ]);
    },
  );
});

describe('classifyEnvironment: the host', () => {
  const desktop = (remoteName: string | undefined, runs: EditorEnvironment['runs']): EditorEnvironment => ({
    ui: 'desktop',
    remoteName,
    runs,
  });
  const web = (remoteName: string | undefined): EditorEnvironment => ({
    ui: 'web',
    remoteName,
    runs: 'workspace',
  });

  test.each<readonly [string, EditorEnvironment, Host]>([
    ['a desktop', desktop(undefined, 'ui'), 'local'],
    ['a desktop that runs everything in one place', desktop(undefined, 'workspace'), 'local'],
    ['Remote-SSH, the extension beside the screen', desktop('ssh-remote', 'ui'), 'local'],
    ['Remote-SSH, the extension in the remote', desktop('ssh-remote', 'workspace'), 'remoteWorkspace'],
    ['WSL, beside the screen', desktop('wsl', 'ui'), 'local'],
    ['WSL, in the remote', desktop('wsl', 'workspace'), 'remoteWorkspace'],
    ['a dev container, beside the screen', desktop('dev-container', 'ui'), 'local'],
    ['a dev container, in the remote', desktop('dev-container', 'workspace'), 'remoteWorkspace'],
    ['Codespaces on the desktop, beside the screen', desktop('codespaces', 'ui'), 'local'],
    ['Codespaces on the desktop, in the remote', desktop('codespaces', 'workspace'), 'remoteWorkspace'],
    ['Codespaces in a browser', web('codespaces'), 'webWorkbench'],
    ['code-server on 127.0.0.1', web('127.0.0.1:8080'), 'loopbackWorkbench'],
    ['code-server on another address of this machine', web('127.0.1.1:8080'), 'loopbackWorkbench'],
    ['code-server on localhost', web('localhost:8080'), 'loopbackWorkbench'],
    ['code-server on localhost, port 80', web('localhost'), 'loopbackWorkbench'],
    ['code-server on [::1]', web('[::1]:8080'), 'loopbackWorkbench'],
    ['a workbench behind a host name', web('code.example.com'), 'webWorkbench'],
    ['a workbench behind a host name with a port', web('code.example.com:8443'), 'webWorkbench'],
    ['a name that begins like this machine', web('localhost.example.com'), 'webWorkbench'],
    ['an address that begins like this machine', web('127.0.0.1.example.com:8080'), 'webWorkbench'],
    ['an address of the network', web('192.168.0.1:8080'), 'webWorkbench'],
    ['a workbench that does not say where it is', web(undefined), 'webWorkbench'],
    ['Theia on this machine', { ...web(undefined), reachedAs: 'localhost:2128' }, 'loopbackWorkbench'],
    ['Theia on another one', { ...web(undefined), reachedAs: 'theia.example.com:2128' }, 'webWorkbench'],
    ['a remote name says more', { ...web('codespaces'), reachedAs: 'localhost:2128' }, 'webWorkbench'],
  ])('of %s', (_, details, host) => {
    expect(classifyEnvironment(details)).toBe(host);
  });
});

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
    expect(flowsFor(host, type, wanted, offered)).toEqual(flows);
  });
});
