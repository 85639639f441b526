import { describe, expect, test } from 'vitest';
import { readDomain } from '../../../src/setup/domainName.ts';

describe('readDomain: F17: a domain as users enter it', () => {
  test.each([
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
    ['bücher.example.', 'xn--bcher-kva.example'],
    ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['例え.example', 'xn--r8jz45g.example'],
    ['ｅｘａｍｐｌｅ．ｃｏｍ', 'example.com'],
    ['https://Login.Example.com/', 'login.example.com'],
    ['example.com/start', 'example.com'],
    ['example.com:443', 'example.com'],
    ['ana@example.com', 'example.com'],
    ['“example.com”', 'example.com'],
    ['\u200bexample.com\u200b', 'example.com'],
    ['<https://example.com>', 'example.com'],
    ['_kiro.example.com', '_kiro.example.com'],
  ])('%s is %s', (given, name) => {
    expect(readDomain(given)).toBe(name);
  });

  test.each([
    '',
    'example',
    'exam ple.com',
    '127.0.0.1',
    '[::1]',
    '*.example.com',
    'exa\u2028mple.com',
    'a..b',
    'x.'.repeat(200),
  ])('%j is rejected', (given) => {
    expect(readDomain(given)).toBeUndefined();
  });
});
