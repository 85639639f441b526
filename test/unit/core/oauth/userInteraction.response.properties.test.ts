import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isResponseTo } from '../../../../src/core/oauth/userInteraction.ts';
import { anyString } from '../../fakes/anyString.ts';

const state = 'qN2xV7pL0sKdJ4mZ';
const tenThousand = { numRuns: 10_000 };

const name = fc.constantFrom('code', 'state', 'error', 'error_description', 'iss', 'CODE', '__proto__', '');
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constant(state) },
  fc.constantFrom(state.toLowerCase(), ` ${state}`, `${state}\u0000`, '', '1', 'access_denied'),
  anyString(8),
);
const pairs = fc.array(
  fc.oneof(
    fc.constantFrom<[string, string]>(['state', state], ['code', 'code-1'], ['error', 'access_denied']),
    fc.tuple(name, value),
  ),
  { maxLength: 4 },
);

test('a callback counts only with our state and without duplicate parameters', () => {
  let counted = 0;
  fc.assert(
    fc.property(pairs, (all) => {
      const parameters = new URLSearchParams(all);
      const names = [...parameters.keys()];
      const isOnce = names.every((one) => names.indexOf(one) === names.lastIndexOf(one));
      const counts = isResponseTo(parameters, state);
      if (counts) counted++;
      return counts === (isOnce && parameters.getAll('state').join() === state);
    }),
    tenThousand,
  );
  expect(counted).toBeGreaterThan(100);
});
