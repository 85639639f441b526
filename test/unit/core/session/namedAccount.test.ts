import { describe, expect, test } from 'vitest';
import { idOfNamed, identifiesPerson } from '../../../../src/core/session/namedAccount.ts';

const id = 'aws https://d-1234567890.awsapps.com/start';

describe('identifiesPerson', () => {
  test.each([
    ['a login from a token', { id: 'https://example.okta.com 00u1', name: 'ada@example.com' }, true],
    ['a login that looks like our mark', { id: 'https://example.okta.com 00u1', name: 'name:Admin' }, true],
    ['a name that the user entered', { id: idOfNamed(id, 'Admin'), name: 'Admin' }, false],
    ['no name', { id }, false],
  ])('%s', (_, account, identifies) => {
    expect(identifiesPerson({ label: 'label', ...account })).toBe(identifies);
  });
});
