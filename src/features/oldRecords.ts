import * as v from 'valibot';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import type { SignInErrorKind } from '../core/oauth/errors.ts';
import { providerOf } from '../core/providers/index.ts';
import type { AccountTokens } from '../core/providers/provider.ts';
import { accountOf } from '../core/session/account.ts';
import type { Account } from '../core/session/session.ts';
import { recordVersion } from '../core/session/sessionRecord.ts';
import { parseJson } from '../core/text/parseJson.ts';

/**
 * Converts a record of an older version to the current one; undefined for any other record. Version 1 did not
 * store the sign-in time, so the token's time is used. Version 2 (release 0.1.0) had other names for some error
 * kinds, an account ID from a claim of the token, and labels without the issuer.
 */
export function migrateRecord(record: string): string | undefined {
  const old = v.safeParse(oldRecordSchema, parseJson(record));
  if (!old.success) return undefined;
  const {
    signedInAt = old.output.session.tokenSet.obtainedAt,
    ended,
    history,
    connection,
    ...session
  } = old.output.session;
  return JSON.stringify({
    version: recordVersion,
    session: {
      ...session,
      connection,
      signedInAt,
      account: migratedAccount(connection, session.tokenSet, session.account),
      ...(ended === undefined ? {} : { ended: withRenamedKind(ended) }),
      ...(history === undefined ? {} : { history: history.map(withRenamedKind) }),
    },
  });
}

function withRenamedKind<T extends { readonly kind?: string }>(note: T): T {
  const kind = renamedKinds.get(note.kind ?? '');
  return kind === undefined ? note : { ...note, kind };
}

/** The account that the token names; the old one if it names none. */
function migratedAccount(
  connection: Connection,
  tokens: { readonly accessToken: string },
  old: Account,
): Account {
  try {
    return accountOfOldRecord(connection, tokens, old);
  } catch {
    return old; // The address no longer parses: display the session as before.
  }
}

const oldRecordSchema = v.object({
  version: v.picklist([1, 2]),
  session: v.looseObject({
    account: v.object({ id: v.string(), label: v.string() }),
    connection: connectionSchema,
    tokenSet: v.looseObject({ accessToken: v.string(), obtainedAt: v.number() }),
    signedInAt: v.exactOptional(v.number()),
    ended: v.exactOptional(v.looseObject({ kind: v.string() })),
    history: v.exactOptional(v.fallback(v.array(v.looseObject({ kind: v.exactOptional(v.string()) })), [])),
  }),
});

/** New names of the error kinds of release 0.1.0 that can end a session. */
const renamedKinds: ReadonlyMap<string, SignInErrorKind> = new Map([
  ['grantOver', 'grantRevoked'],
  ['lostByKeyring', 'credentialStoreLost'],
  ['registrationExpired', 'registrationRefused'],
  ['unexpectedAnswer', 'invalidResponse'],
  ['organisationRule', 'blockedByOrganization'],
  ['startUrlRefused', 'invalidStartUrl'],
]);

/**
 * The account of a record of release 0.1.0, whose ID came from the token's `iss` and `uid`, and whose label was
 * the login, alone or with the host.
 */
function accountOfOldRecord(connection: Connection, tokens: AccountTokens, old: Account): Account {
  const account = accountOf(connection, tokens);
  const subject = old.id.slice(old.id.indexOf(' ') + 1);
  if (account.name !== undefined || account.id.endsWith(` ${subject}`)) return account;
  const known = providerOf(connection).accountOfOldRecord?.(connection, old);
  if (known?.name === undefined) return account;
  const { id, address, name } = known;
  return { id, label: `${name} (${address})`, name };
}
