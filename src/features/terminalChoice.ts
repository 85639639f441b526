import type { SignInError } from '../core/oauth/errors.ts';
import type { Session } from '../core/session/session.ts';
import { plainLine } from '../core/text/safeText.ts';

/** Why a program of a terminal gets nothing. */
export type TerminalProblem =
  | { readonly kind: 'notShared' }
  /** It was shared with this terminal, until the person signed out or turned it off. */
  | {
      readonly kind: 'gone';
      readonly name: string;
      readonly isSignedOut: boolean;
      readonly known: readonly string[];
    }
  /** No shared connection or account has this name. */
  | { readonly kind: 'unknown'; readonly name: string; readonly known: readonly string[] }
  /** Several could be meant. */
  | { readonly kind: 'several'; readonly known: readonly string[] }
  | { readonly kind: 'missingScopes'; readonly name: string; readonly scopes: readonly string[] }
  | { readonly kind: 'signInNeeded'; readonly name: string }
  /** Credentials of AWS come from IAM Identity Center only. */
  | { readonly kind: 'notAws'; readonly name: string }
  /** Sign-ins are shared, and none of them has credentials of AWS. */
  | { readonly kind: 'noneOfAws' }
  | { readonly kind: 'noRole'; readonly accountId: string; readonly roleName: string }
  /** The person's settings do not list this host for Git. */
  | { readonly kind: 'gitHost'; readonly host: string }
  | { readonly kind: 'failed'; readonly error: SignInError };

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
