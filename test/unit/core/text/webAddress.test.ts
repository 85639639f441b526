import { describe, expect, test } from 'vitest';
import {
  isLoopbackHost,
  isLoopbackUrl,
  shownAddress,
  withoutUserInfo,
} from '../../../../src/core/text/webAddress.ts';

describe('isLoopbackHost: this machine', () => {
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

describe('withoutUserInfo: 08.03: a typed address without a user name and password', () => {
  test.each([
    ['https://user:secret@x.example/y', 'https://x.example/y'],
    ['https://us/er:secret@x', 'https://x'],
    ['https://user:sec#ret@x', 'https://x'],
    ['https://user:sec?ret@x', 'https://x'],
    ['https://user:sec/ret@x', 'https://x'],
    ['user:secret@x', 'x'],
    ['  <https://user:secret@x>', '  <https://x>'],
    ['https://x.example/y', 'https://x.example/y'],
  ])('%s', (typed, shown) => {
    expect(withoutUserInfo(typed)).toBe(shown);
  });
});

describe('shownAddress: 08.05: an address for display', () => {
  test.each([
    ['https://user:hunter2@oidc.corp.example/x?apikey=k3y#z', 'https://oidc.corp.example/x'],
    ['https://oidc.us-east-1.amazonaws.com', 'https://oidc.us-east-1.amazonaws.com'],
    ['http://localhost:1/us-east-1', 'http://localhost:1/us-east-1'],
    ['https://u:hunter2@{region}.corp.example/x?k3y', 'https://{region}.corp.example/x'],
  ])('%s', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
  });
});
