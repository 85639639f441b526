import { expect, test } from 'vitest';
import { redirectUriAt, redirectUriPartsOf } from '../../../../src/core/oidc/redirectUri.ts';

test.each([
  ['http://localhost:8008/oauth/callback', { host: 'localhost', ports: [8008], path: '/oauth/callback' }],
  ['http://localhost:80/oauth/callback', { host: 'localhost', ports: [80], path: '/oauth/callback' }],
  ['http://127.0.0.1:80', { host: '127.0.0.1', ports: [80], path: 'own' }],
  ['http://localhost/oauth/callback', { host: 'localhost', ports: [0], path: '/oauth/callback' }],
  ['http://127.0.0.1', { host: '127.0.0.1', ports: [0], path: 'own' }],
])('redirectUriPartsOf: %s keeps its port, also the default one of http', (redirectUri, parts) => {
  expect(redirectUriPartsOf({ redirectUri, redirectPorts: [3128] })).toEqual(parts);
});

test('a redirect URI at port 80 is sent as it is registered', () => {
  const redirectUri = 'http://localhost:80/oauth/callback';
  const { host, ports, path } = redirectUriPartsOf({ redirectUri, redirectPorts: [] });
  expect(redirectUriAt(ports[0] ?? 0, path, host)).toBe(redirectUri);
});
