import { describe, expect, test } from 'vitest';
import { carryOver } from '../../../../src/core/session/sessionUpdates.ts';
import { oktaSession } from '../../fakes/examples.ts';

describe('carryOver', () => {
  test('keeps the terminal permission when the same account signs in again', () => {
    expect(carryOver(oktaSession, { ...oktaSession, programPlaces: ['laptop'] }, [])).toMatchObject({
      programPlaces: ['laptop'],
    });
    expect(carryOver(oktaSession, undefined, [])).not.toHaveProperty('programPlaces');
  });
});
