import { describe, expect, test } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { joinSignIns } from '../../../../src/shell/terminal/joinSignIns.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

/** Programs that wait, and their sign-ins, each ended by the test. */
function programs() {
  const join = joinSignIns();
  const begun: (PromiseWithResolvers<Session> & { readonly signal: AbortSignal; readonly scopes: string })[] =
    [];
  const program = (scopes: readonly string[] = [], session: Session = oktaSession) => {
    const life = new AbortController();
    const token = join(session, scopes, life.signal, (signal) => {
      const one = { ...Promise.withResolvers<Session>(), signal, scopes: scopes.join(' ') };
      begun.push(one);
      signal.addEventListener('abort', () => one.reject(new Error('stopped')));
      return one.promise;
    });
    return { token, end: () => life.abort() };
  };
  return { program, begun };
}

describe('joinSignIns', () => {
  test('a second program joins the sign-in in progress: both get its token', async () => {
    const { program, begun } = programs();
    const [one, other] = [program(['a', 'b']), program(['b'])];
    expect(begun).toHaveLength(1);
    begun[0]?.resolve(oktaSession);
    expect(await Promise.all([one.token, other.token])).toEqual([oktaSession, oktaSession]);
  });

  test('a no applies to all of them, and the next program asks again', async () => {
    const { program, begun } = programs();
    const failures = [program(), program()].map(({ token }) => rejectionOf(token));
    begun[0]?.reject(new Error('no'));
    expect(await Promise.all(failures)).toEqual([new Error('no'), new Error('no')]);
    const later = program();
    begun[1]?.resolve(oktaSession);
    expect(await later.token).toBe(oktaSession);
  });

  test('continues while one of them waits, and ends with the last', async () => {
    const { program, begun } = programs();
    const [one, other] = [program(), program()];
    const failures = [one, other].map(({ token }) => rejectionOf(token));
    one.end();
    expect(await failures[0]).toMatchObject({ kind: 'cancelled' });
    expect(begun[0]?.signal.aborted).toBe(false);
    other.end();
    expect(await failures[1]).toMatchObject({ kind: 'cancelled' });
    expect(begun[0]?.signal.aborted).toBe(true);
    const later = program();
    await settleUntil(() => begun.length === 2);
    begun[1]?.resolve(oktaSession);
    expect(await later.token).toBe(oktaSession);
  });

  test('one that needs other scopes waits until the user is done, and does not keep it open', async () => {
    const { program, begun } = programs();
    const one = program(['a']);
    const other = program(['b']);
    const gone = program(['c']);
    const failure = rejectionOf(gone.token);
    gone.end();
    expect(await failure).toMatchObject({ kind: 'cancelled' });
    expect(begun.map(({ scopes }) => scopes)).toEqual(['a']);
    begun[0]?.reject(new Error('no'));
    expect(await rejectionOf(one.token)).toEqual(new Error('no'));
    await settleUntil(() => begun.length === 2);
    begun[1]?.resolve(oktaSession);
    expect(await other.token).toBe(oktaSession);
    expect(begun.map(({ scopes }) => scopes)).toEqual(['a', 'b']);
  });

  test('sign-ins to different accounts run concurrently', async () => {
    const { program, begun } = programs();
    const [one, other] = [program(), program([], identityCenterSession)];
    expect(begun).toHaveLength(2);
    begun[1]?.resolve(identityCenterSession);
    begun[0]?.resolve(oktaSession);
    expect(await Promise.all([one.token, other.token])).toEqual([oktaSession, identityCenterSession]);
  });
});
