import { describe, expect, test } from 'vitest';
import { typedBefore } from '../../../../src/shell/providers/typedBefore.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';

describe('typedBefore', () => {
  test('returns the input for this question only', () => {
    const memento = fakeMemento(new Map([['typed.issuer', 'https://example.okta.com']]));
    expect(typedBefore(memento, 'issuer')).toEqual({ value: 'https://example.okta.com' });
    expect(typedBefore(memento, 'clientId')).toEqual({});
  });
});
