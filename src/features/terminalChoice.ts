import type { Session } from '../core/session/session.ts';
import { plainLine } from '../core/text/safeText.ts';
import type { TerminalProblem } from './terminalAccess.ts';

/** By what a person or a program names a session. */
export type Named = Pick<Session, 'id' | 'account' | 'connection'>;

/** What a request may mean: the sessions that a window shares with its terminals, and what it has shared. */
export interface Choices<S extends Named = Session> {
  readonly shared: readonly S[];
  /** Shared with terminals that are still open, and no longer. */
  readonly former: readonly (Named & { readonly isSignedOut: boolean })[];
  /** Meant without a name, in this window; its ID. */
  readonly byDefault: string | undefined;
}

/**
 * The session that a name means. Without a name, the default of the window, or the only one. The same request never
 * comes to mean another session because one is gone: a script would send a token to the wrong API.
 */
export function choose<S extends Named>(
  { shared, former, byDefault }: Choices<S>,
  name: string | undefined,
): { readonly session: S } | { readonly problem: TerminalProblem } {
  const isMeant = (one: Named): boolean => name === undefined || isNamed(one, name);
  const fitting = shared.filter(isMeant);
  const gone = former.filter(isMeant);
  const [only, ...others] = fitting;
  const preferred =
    fitting.find(({ id }) => id === byDefault) ?? (others.length + gone.length === 0 ? only : undefined);
  if (preferred !== undefined) return { session: preferred };
  const missing = gone.find(({ id }) => id === byDefault) ?? (only === undefined ? gone.at(-1) : undefined);
  if (missing !== undefined) {
    const { connection, isSignedOut } = missing;
    return {
      problem: { kind: 'gone', name: connection.name, isSignedOut, known: namesToType(shared, former) },
    };
  }
  return only === undefined
    ? { problem: { kind: 'unknown', name: name ?? '', known: namesToType(shared) } }
    : { problem: { kind: 'several', known: namesToType(fitting, former) } };
}

/** For each the shortest name that means it alone: of its connection, of its account, or the label of its account. */
export function namesToType(shared: readonly Named[], former: readonly Named[] = []): readonly string[] {
  const isAlone = (name: string): boolean =>
    [...shared, ...former].filter((one) => isNamed(one, name)).length === 1;
  return shared.map(({ connection, account }) =>
    plainLine([connection.name, account.name ?? ''].find(isAlone) ?? account.label),
  );
}

/** Whether a name that a person or a program gave is a session’s: of its connection or account, or its ID. */
export function isNamed({ id, account, connection }: Named, name: string): boolean {
  return [id, account.label, account.name, connection.name].some(
    (one) => one !== undefined && isSameName(one, name),
  );
}

/** Whether a name that a person or a program gave is this one, in whatever case. */
export function isSameName(one: string, name: string): boolean {
  return one.toLowerCase() === name.toLowerCase();
}
