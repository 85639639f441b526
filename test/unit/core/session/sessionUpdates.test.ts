import { describe, expect, test } from 'vitest';
import { carryOver } from '../../../../src/core/session/sessionUpdates.ts';
import { oktaSession } from '../../fakes/examples.ts';

describe('carryOver', () => {
  test('a new sign-in of the same account keeps the terminals that may use it', () => {
    expect(carryOver(oktaSession, { ...oktaSession, programPlaces: ['laptop'] }, [])).toMatchObject({
      programPlaces: ['laptop'],
    });
    expect(carryOver(oktaSession, undefined, [])).not.toHaveProperty('programPlaces');
  });
});
