import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/features/flowTable.ts';
import { classifyEnvironment } from '../../../src/features/editorEnvironment.ts';
import type { EditorEnvironment } from '../../../src/features/editorEnvironment.ts';

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
    ['a name below localhost', { ...web(undefined), reachedAs: 'theia.localhost:2128' }, 'loopbackWorkbench'],
    ['Theia on another one', { ...web(undefined), reachedAs: 'theia.example.com:2128' }, 'webWorkbench'],
    ['a remote name says more', { ...web('codespaces'), reachedAs: 'localhost:2128' }, 'webWorkbench'],
  ])('of %s', (_, details, host) => {
    expect(classifyEnvironment(details)).toBe(host);
  });
});
