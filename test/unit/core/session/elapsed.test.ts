import { expect, test } from 'vitest';
import { secondsBetween } from '../../../../src/core/session/elapsed.ts';
import { january } from '../../fakes/examples.ts';

test('secondsBetween has one decimal', () => {
  expect(secondsBetween(january, january + 12_340)).toBe('12.3s');
});
