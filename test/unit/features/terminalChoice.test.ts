import { describe, expect, test } from 'vitest';
import { choose, namesToType } from '../../../src/features/terminalChoice.ts';
import type { Named } from '../../../src/features/terminalChoice.ts';
import { oktaSession } from '../fakes/examples.ts';

const named = (id: string, connection: string, account?: string): Named => ({
  id,
  account: { ...oktaSession.account, label: `${account ?? 'x'} (http://[::1])`, name: account ?? '' },
  connection: { ...oktaSession.connection, name: connection },
});

describe('namesToType', () => {
  test('are not quoted if a simple name is enough', () => {
    expect(namesToType([named('1', 'Work', 'ana'), named('2', 'Home', 'ana')])).toEqual(['Work', 'Home']);
  });

  test('include the account if two have the same connection', () => {
    expect(namesToType([named('1', 'Work', 'ana'), named('2', 'Work', 'bo')])).toEqual(['ana', 'bo']);
  });

  test('each name identifies its session, also next to one that no longer exists', () => {
    const [shared, former] = [
      [named('1', 'Work', 'ana')],
      [{ ...named('2', 'Work', 'bo'), isSignedOut: true }],
    ];
    const [name] = namesToType(shared, former);
    expect(name).toBe('ana');
    expect(choose({ shared, former, byDefault: undefined }, name)).toMatchObject({ session: { id: '1' } });
    expect(choose({ shared, former, byDefault: undefined }, 'Work')).toMatchObject({
      problem: { kind: 'several' },
    });
  });
});
