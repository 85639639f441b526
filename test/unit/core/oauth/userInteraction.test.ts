import { describe, expect, test } from 'vitest';
import { runInteraction } from '../../../../src/core/oauth/userInteraction.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const turn = { connectionName: 'Example', url: 'https://example.com/', expiresAt: 0, alternatives: [] };

describe('runInteraction: while waiting for the browser', () => {
  test('the end of the work closes the prompt', async () => {
    const person = fakePerson();
    const outcome = await runInteraction(person, turn, never, async () => 'done');
    expect(outcome).toEqual({ done: 'done' });
    expect(person.turns).toEqual([turn]);
    expect(person.open).toBe(0);
  });

  test('choosing an alternative ends the work, and is the result', async () => {
    const person = fakePerson();
    const clock = fakeClock();
    const outcome = runInteraction(person, turn, never, (over) => clock.sleep(1000, over));
    person.choose('nextPort');
    expect(await outcome).toEqual({ choice: 'nextPort' });
    expect(clock.sleeping).toBe(0);
    expect(person.open).toBe(0);
  });

  test('a failure of the work closes the prompt and is the result', async () => {
    const person = fakePerson();
    const failure = new SignInError('denied');
    const outcome = runInteraction(person, turn, never, async () => {
      throw failure;
    });
    expect(await rejectionOf(outcome)).toBe(failure);
    expect(person.open).toBe(0);
  });

  test('a user who cancels ends the work', async () => {
    const person = fakePerson();
    const clock = fakeClock();
    const outcome = runInteraction(person, turn, never, (over) => clock.sleep(1000, over));
    expect(clock.sleeping).toBe(1);
    person.giveUp();
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'cancelled' });
    expect(clock.sleeping).toBe(0);
    expect(person.open).toBe(0);
  });

  test('a caller who cancels ends both, with the given reason', async () => {
    const person = fakePerson();
    const clock = fakeClock();
    const asker = new AbortController();
    const reason = new SignInError('cancelled', { operation: 'test' });
    const outcome = runInteraction(person, turn, asker.signal, (over) => clock.sleep(1000, over));
    asker.abort(reason);
    expect(await rejectionOf(outcome)).toBe(reason);
    expect(clock.sleeping).toBe(0);
    expect(person.open).toBe(0);
  });

  test('after canceling in advance, no prompt opens and no work starts', async () => {
    const person = fakePerson();
    const before = new SignInError('cancelled', { operation: 'test' });
    let started = false;
    const outcome = runInteraction(person, turn, AbortSignal.abort(before), async () => {
      started = true;
    });
    expect(await rejectionOf(outcome)).toBe(before);
    expect(person.turns).toEqual([]);
    expect(started).toBe(false);
  });

  test('it ends only when the work has cleaned up', async () => {
    const person = fakePerson();
    const clock = fakeClock();
    let isPutAway = false;
    const outcome = runInteraction(person, turn, never, async (over) => {
      try {
        await clock.sleep(1000, over);
      } finally {
        await Promise.resolve();
        isPutAway = true;
      }
    });
    person.giveUp();
    await rejectionOf(outcome);
    expect(isPutAway).toBe(true);
  });

  test('a prompt that cannot be shown ends the work', async () => {
    const clock = fakeClock();
    const failure = new SignInError('storage');
    const broken = { prompt: () => Promise.reject(failure) };
    const outcome = runInteraction(broken, turn, never, (over) => clock.sleep(1000, over));
    expect(await rejectionOf(outcome)).toBe(failure);
    expect(clock.sleeping).toBe(0);
  });
});
