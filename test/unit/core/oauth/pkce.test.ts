import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPkce, randomText } from '../../../../src/core/oauth/pkce.ts';

describe('createPkce', () => {
  test('creates a verifier (RFC 7636, 4.1) with its S256 challenge (4.2), different each time', async () => {
    const made = await Promise.all(Array.from({ length: 100 }, () => createPkce()));
    for (const { verifier, challenge } of made) {
      expect(verifier).toMatch(/^[\w-]{43}$/);
      expect(challenge).toBe(createHash('sha256').update(verifier).digest('base64url'));
    }
    expect(new Set(made.map(({ verifier }) => verifier)).size).toBe(100);
  });
});

test('randomText needs no escaping in an address, and differs each time', () => {
  const made = Array.from({ length: 100 }, () => randomText());
  for (const text of made) expect(encodeURIComponent(text)).toBe(text);
  expect(new Set(made).size).toBe(100);
});
