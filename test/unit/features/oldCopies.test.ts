import { describe, expect, test } from 'vitest';
import { withoutOldCopies } from '../../../src/features/oldCopies.ts';
import { oktaSession } from '../fakes/examples.ts';
import { fakeRecords } from '../fakes/fakeRecords.ts';
import { fakeSecrets } from '../fakes/fakeSecrets.ts';

const { id } = oktaSession;

/** Records beside the copies of 0.1.0, and another secret. */
function world() {
  const secrets = fakeSecrets({ 'aside:00': 'refresh-0', [`aside:${id}`]: 'refresh-1', other: 'kept' });
  return { secrets, records: withoutOldCopies(fakeRecords(), secrets) };
}

describe('withoutOldCopies: a copy of an unreadable record, as release 0.1.0 kept it', () => {
  test('05.12: is deleted on sign-out', async () => {
    const { secrets, records } = world();
    await records.remove(id);
    expect([...secrets.map.keys()]).toEqual(['aside:00', 'other']);
  });

  test('stayed for good if its session was gone', async () => {
    const { secrets, records } = world();
    expect(await records.ids()).toEqual([]);
    expect([...secrets.map.keys()]).toEqual(['other']);
  });

  test('is deleted once the keyring answers', async () => {
    const { secrets, records } = world();
    const names = await secrets.keys();
    secrets.keys = () => Promise.reject(new Error('locked'));
    expect(await records.ids()).toEqual([]);
    secrets.keys = async () => names;
    await records.ids();
    expect([...secrets.map.keys()]).toEqual(['other']);
  });
});
