import { describe, expect, test } from 'vitest';
import { isLoopbackHost, isLoopbackUrl } from '../../../src/core/webAddress.ts';

describe('this machine', () => {
  test.each(['localhost', '127.0.0.1', '127.0.0.2', '127.255.255.254', '[::1]'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  test.each([
    '',
    'example.com',
    'localhost.example.com',
    'example.localhost.com',
    '127.0.0.1.example.com',
    '127.example.com',
    '128.0.0.1',
    '0.0.0.0',
    '10.127.0.1',
    '[::]',
    '[::ffff:7f00:2]',
  ])('is not %s', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  test.each(['http://localhost:3000/', 'https://127.0.0.1/', 'http://[::1]:80/', 'http://127.1/'])(
    'is behind %s',
    (address) => {
      expect(isLoopbackUrl(new URL(address))).toBe(true);
    },
  );

  test.each(['ftp://localhost/', 'ws://127.0.0.1/', 'http://localhost@example.com/', 'https://example.com/'])(
    'is not behind %s',
    (address) => {
      expect(isLoopbackUrl(new URL(address))).toBe(false);
    },
  );
});
