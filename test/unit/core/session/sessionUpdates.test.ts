import { describe, expect, test } from 'vitest';
import { carryOver } from '../../../../src/core/session/sessionUpdates.ts';
import { january, oktaSession } from '../../fakes/examples.ts';

describe('carryOver', () => {
  test('keeps the terminal permission when the same account signs in again', () => {
    expect(carryOver(oktaSession, { ...oktaSession, programPlaces: ['laptop'] }, [])).toMatchObject({
      programPlaces: ['laptop'],
    });
    expect(carryOver(oktaSession, undefined, [])).not.toHaveProperty('programPlaces');
  });

  test('drops it when the account is replaced: another person may have signed in', () => {
    const before = { ...oktaSession, programPlaces: ['laptop', 'laptop file:///work'], preferredAt: january };
    const after = carryOver(oktaSession, before, [], true);
    expect(after).not.toHaveProperty('programPlaces');
    expect(after).toMatchObject({ preferredAt: january });
  });
});
