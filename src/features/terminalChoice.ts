import type { SignInError } from '../core/oauth/errors.ts';
import type { Session } from '../core/session/session.ts';
import { plainLine } from '../core/text/safeText.ts';

/** The reason why a terminal program gets no token. */
export type TerminalProblem =
  | { readonly kind: 'notShared' }
  /** Shared with this terminal before, until the user signed out or turned it off. */
  | {
      readonly kind: 'gone';
      readonly name: string;
      readonly isSignedOut: boolean;
      readonly known: readonly string[];
    }
  /** No shared connection or account matches this name. */
  | { readonly kind: 'unknown'; readonly name: string; readonly known: readonly string[] }
  /** Ambiguous: several match. */
  | { readonly kind: 'several'; readonly known: readonly string[] }
  | { readonly kind: 'missingScopes'; readonly name: string; readonly scopes: readonly string[] }
  | { readonly kind: 'signInNeeded'; readonly name: string }
  /** Only IAM Identity Center has AWS credentials. */
  | { readonly kind: 'notAws'; readonly name: string }
  /** None of the shared sign-ins has AWS credentials. */
  | { readonly kind: 'noneOfAws' }
  | { readonly kind: 'noRole'; readonly accountId: string; readonly roleName: string }
  /** The user's setting does not list this host for Git. */
  | { readonly kind: 'gitHost'; readonly host: string }
  | { readonly kind: 'failed'; readonly error: SignInError };

/** The parts of a session that names refer to. */
export type Named = Pick<Session, 'id' | 'account' | 'connection'>;

/** Candidates for a request: sessions that a window shares with its terminals, and those that it shared before. */
export interface Choices<S extends Named = Session> {
  readonly shared: readonly S[];
  /** Formerly shared with terminals that are still open. */
  readonly former: readonly (Named & { readonly isSignedOut: boolean })[];
  /** ID of this window's default session, used without a name. */
  readonly byDefault: string | undefined;
}

/**
 * The session for a name; without one, the window's default or the only session. A request never falls back to
 * another session when its own is gone: a script would send a token to the wrong API.
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

/** The shortest unique name of each session: its connection, its account, or its account's label. */
export function namesToType(shared: readonly Named[], former: readonly Named[] = []): readonly string[] {
  const isAlone = (name: string): boolean =>
    [...shared, ...former].filter((one) => isNamed(one, name)).length === 1;
  return shared.map(({ connection, account }) =>
    plainLine([connection.name, account.name ?? ''].find(isAlone) ?? account.label),
  );
}

/** Whether a name refers to a session: its connection, account, or ID. */
export function isNamed({ id, account, connection }: Named, name: string): boolean {
  return [id, account.label, account.name, connection.name].some(
    (one) => one !== undefined && isSameName(one, name),
  );
}

/** Compares names without regard to case. */
export function isSameName(one: string, name: string): boolean {
  return one.toLowerCase() === name.toLowerCase();
}
