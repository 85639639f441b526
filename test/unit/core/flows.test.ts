import { describe, expect, test } from 'vitest';
import { flowsFor, flowTable, hostOf } from '../../../src/core/flows.ts';
import type { Host, HostFacts } from '../../../src/core/flows.ts';

const facts = (ui: HostFacts['ui'], remoteName: string | undefined, runs: HostFacts['runs']): HostFacts => ({
  ui,
  remoteName,
  runs,
});

describe('where the editor runs', () => {
  const rows: readonly (readonly [where: string, facts: HostFacts, host: Host])[] = [
    ['a desktop window without a remote', facts('desktop', undefined, 'ui'), 'local'],
    ['the same, extension reported as workspace', facts('desktop', undefined, 'workspace'), 'local'],
    ['Remote-SSH, beside the screen', facts('desktop', 'ssh-remote', 'ui'), 'local'],
    ['WSL, beside the screen', facts('desktop', 'wsl', 'ui'), 'local'],
    ['a dev container, beside the screen', facts('desktop', 'dev-container', 'ui'), 'local'],
    ['Codespaces on the desktop', facts('desktop', 'codespaces', 'ui'), 'local'],
    ['Remote-SSH, told to run in the remote', facts('desktop', 'ssh-remote', 'workspace'), 'remoteWorkspace'],
    ['WSL, told to run in the remote', facts('desktop', 'wsl', 'workspace'), 'remoteWorkspace'],
    ['Codespaces in a browser', facts('web', 'codespaces', 'workspace'), 'webWorkbench'],
    ['a workbench on 127.0.0.1', facts('web', '127.0.0.1:8080', 'workspace'), 'loopbackWorkbench'],
    ['a workbench on localhost', facts('web', 'localhost:8080', 'workspace'), 'loopbackWorkbench'],
    ['a workbench on ::1', facts('web', '[::1]:8080', 'workspace'), 'loopbackWorkbench'],
    ['a workbench behind a name', facts('web', 'code.example.com', 'workspace'), 'webWorkbench'],
    ['a name that begins like loopback', facts('web', '127.0.0.1.example.com', 'workspace'), 'webWorkbench'],
    ['a browser without a remote', facts('web', undefined, 'ui'), 'webWorkbench'],
  ];
  test.each(rows)('%s', (_, given, host) => {
    expect(hostOf(given)).toBe(host);
  });
});

describe('which flows work there', () => {
  test.each([
    ['local', 'works', 'the browser is on this machine'],
    ['remoteWorkspace', 'never', "the browser's localhost is another machine"],
    ['loopbackWorkbench', 'perhaps', 'the browser is probably on this machine, but a tunnel looks the same'],
    ['webWorkbench', 'never', "the extension's machine is not the browser's"],
  ] as const)('at %s a loopback redirect %s: %s', (host, loopback, _why) => {
    expect(flowTable[host].loopback).toBe(loopback);
  });

  test('where a redirect never arrives, a sign-in begins with the device code', () => {
    const hosts = Object.values(flowTable).filter(({ loopback }) => loopback === 'never');
    const begins = hosts.flatMap(({ order }) => [order.okta[0], order.identityCenter[0]]);
    expect(begins).toEqual(begins.map(() => 'deviceCode'));
  });

  const both = ['authorizationCode', 'deviceCode'] as const;
  test('Okta begins with the browser that comes back, and has the device code beside it', () => {
    expect(flowsFor('local', 'okta', undefined, both)).toEqual(['authorizationCode', 'deviceCode']);
  });

  test('what is wanted comes first', () => {
    expect(flowsFor('local', 'okta', 'deviceCode', both)).toEqual(['deviceCode', 'authorizationCode']);
  });

  test('what is wanted and does not work here is not done', () => {
    expect(flowsFor('webWorkbench', 'identityCenter', 'authorizationCode', both)).toEqual(['deviceCode']);
  });

  test('what the server does not offer is not done', () => {
    expect(flowsFor('remoteWorkspace', 'okta', undefined, ['authorizationCode'])).toEqual([
      'authorizationCode',
    ]);
    expect(flowsFor('local', 'okta', 'deviceCode', ['authorizationCode'])).toEqual(['authorizationCode']);
  });
});
