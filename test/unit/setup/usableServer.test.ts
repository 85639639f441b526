import { describe, expect, test } from 'vitest';
import { usableServer } from '../../../src/setup/usableServer.ts';

const issuer = 'https://id.example.com/realms/example';
const right = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  code_challenge_methods_supported: ['S256'],
};
const serverOf = (change: Record<string, unknown>) =>
  usableServer(issuer, { ...right, ...change }, async () => false, 'complete');

describe('usableServer', () => {
  test.each([
    ['another issuer', { issuer: 'https://old.example.com' }],
    ['PKCE without S256', { code_challenge_methods_supported: ['plain'] }],
    ['pushed requests', { require_pushed_authorization_requests: true }],
    ['signed requests', { require_signed_request_object: true }],
    [
      'another issuer that also requires pushed requests',
      { issuer: 'https://old.example.com', require_pushed_authorization_requests: true },
    ],
  ])('keeps the endpoints despite %s', async (_what, change) => {
    expect(await serverOf(change)).toMatchObject({ issuer, tokenEndpoint: right.token_endpoint });
  });

  test('refuses endpoints of another issuer’s host', async () => {
    const moved = { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' };
    await expect(serverOf(moved)).rejects.toMatchObject({ details: { reason: 'foreignEndpoint' } });
  });
});
