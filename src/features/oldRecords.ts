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
 * A record of an older version, as one of this version; undefined for any other. Version 1 did not record when the person
 * signed in; the token's own time is the nearest known. Version 2 (release 0.1.0) had other names for some error kinds, took the
 * account's ID from a claim of the token, and labels that did not always name the issuer.
 */
export function recordOfToday(record: string): string | undefined {
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
      ...(ended === undefined ? {} : { ended: withKindOfToday(ended) }),
      ...(history === undefined ? {} : { history: history.map(withKindOfToday) }),
    },
  });
}

function withKindOfToday<T extends { readonly kind?: string }>(note: T): T {
  const kind = renamedKinds.get(note.kind ?? '');
  return kind === undefined ? note : { ...note, kind };
}

/** The account that the token names, or the old one where the token does not name the person. */
function migratedAccount(
  connection: Connection,
  tokens: { readonly accessToken: string },
  old: Account,
): Account {
  try {
    return accountOfOldRecord(connection, tokens, old);
  } catch {
    return old; // An address that cannot be read any more; the session is shown as what it was.
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

/** The names in release 0.1.0 of the error kinds that can end a session. */
const renamedKinds: ReadonlyMap<string, SignInErrorKind> = new Map([
  ['grantOver', 'grantRevoked'],
  ['lostByKeyring', 'credentialStoreLost'],
  ['registrationExpired', 'registrationRefused'],
  ['unexpectedAnswer', 'invalidResponse'],
  ['organisationRule', 'blockedByOrganization'],
  ['startUrlRefused', 'invalidStartUrl'],
]);

/**
 * The account of a session that release 0.1.0 stored. It took the ID from the token's `iss` and `uid`, and the label was
 * the login, alone or with the host behind it.
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
