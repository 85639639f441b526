import * as v from 'valibot';
import type { Connection } from '../connection/connection.ts';
import { connectionSchema } from '../connection/connectionSchema.ts';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInErrorKind } from '../oauth/errors.ts';
import { tokenSetSchema } from '../oauth/tokenSet.ts';
import { issuanceEntries } from '../providers/issuance.ts';
import { accountOfOldRecord } from './account.ts';
import type { Account, LostSession, Session } from './session.ts';
import { parseJson } from '../text/parseJson.ts';

const text = v.exactOptional(v.string());
const errorKind = v.picklist(Object.keys(errorEffects) as SignInErrorKind[]);
/** One refresh, or one try that failed: then with its kind and what is safe to show of it. */
const note = {
  /** Epoch milliseconds. */
  at: v.number(),
  host: text,
  status: v.exactOptional(v.number()),
  code: text,
};

const common = {
  /** Hex; the same connection and account always have the same. */
  id: v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
  /** Who signed in. */
  account: v.object({
    /** Stable: the connection's issuer and the subject, or partition and normal start URL. */
    id: v.string(),
    /** Unique over all issuers, with the address in it; VS Code keeps another extension's consent under it. */
    label: v.string(),
    /** The login, or the name that the person gave; short, for places that show the connection beside it. */
    name: text,
  }),
  tokenSet: tokenSetSchema,
  /** When the person signed in, epoch milliseconds. */
  signedInAt: v.number(),
  /** When it was refreshed last, epoch milliseconds, if ever. */
  refreshedAt: v.exactOptional(v.number()),
  /**
   * When it ended, who said so, and in which words (the details are safe to show). Its access token is still served until it
   * expires; its record then keeps no refresh token, and no access token past its end: that is empty.
   */
  ended: v.exactOptional(
    v.object({
      at: v.number(),
      kind: errorKind,
      host: text,
      code: text,
      description: text,
      requestId: text,
      /** What the words for its kind need beside the code, such as `dpop`. */
      reason: text,
      /** As `ErrorDetails` has it. */
      isGeneric: v.exactOptional(v.literal(true)),
    }),
  ),
  /** The scopes that the sign-in asked for; absent where that was not kept. */
  requestedScopes: v.exactOptional(v.array(v.string())),
  /** Its last ten refreshes and failed tries, oldest first. One that cannot be read costs no session: it begins anew. */
  history: v.exactOptional(v.fallback(v.array(v.object({ ...note, kind: v.exactOptional(errorKind) })), [])),
  /**
   * The last refresh that failed since its token came, of whichever window, for the other ones of the machine. One that cannot
   * be read is one of long ago.
   */
  tried: v.exactOptional(
    v.fallback(
      v.object({
        ...note,
        kind: errorKind,
        /** How many have failed in a row, over all windows. */
        failures: v.number(),
        /** Epoch milliseconds before which the server asks not to be called again. */
        retryAt: v.exactOptional(v.number()),
      }),
      { at: 0, kind: 'invalidResponse', failures: 1 },
    ),
  ),
  /** Ambiguous refusals of a refresh since the token expired, in a row. */
  refusals: v.exactOptional(v.object({ since: v.number(), count: v.number() })),
  /** When a person chose it before others of its provider, epoch milliseconds. */
  preferredAt: v.exactOptional(v.number()),
  /** When a person was told that it is about to end, epoch milliseconds. */
  warnedAt: v.exactOptional(v.number()),
  /**
   * Where programs may have its token, because the person said so there: the host name of a machine, for its editor's
   * terminals, or the host name and the address of a workspace.
   */
  programPlaces: v.exactOptional(v.array(v.string())),
  /** Its place in the token cache of the AWS CLI, where the person asked for that. */
  awsCli: v.exactOptional(
    v.object({
      /** The name of the `[sso-session]`. */
      name: v.string(),
      /** Which access token was left there last: the beginning of its SHA-256, hex. Another one is the CLI's or an SDK's. */
      left: text,
      /**
       * Why nothing is written there any more, until a person says that it is to be shared again: its file was removed
       * (`aws sso logout`), has another sign-in, or can be changed by other users of the machine.
       */
      paused: v.exactOptional(v.picklist(['removed', 'replaced', 'notPrivate'])),
      /** A person was asked about the pause. */
      asked: v.exactOptional(v.literal(true)),
    }),
  ),
};

const schemaOf = <I extends v.ObjectEntries>(issuance: I) => v.object({ ...common, ...issuance });
type SchemaOf<I> = I extends v.ObjectEntries ? ReturnType<typeof schemaOf<I>> : never;

/** The shape of a session in its record, version 3. */
const withOrWithoutToken = v.variant(
  'type',
  issuanceEntries.map(schemaOf) as SchemaOf<(typeof issuanceEntries)[number]>[],
);

/** A session as a record may hold it. */
export const sessionSchema = v.pipe(
  withOrWithoutToken,
  v.check(
    ({ ended, tokenSet }) => tokenSet.accessToken !== '' || ended !== undefined,
    'Only a session that is over is without a token.',
  ),
);

const version = 3;
const recordSchema = v.object({ version: v.literal(version), session: sessionSchema });
/** What is kept beside a record. */
export const aboutSchema = v.object({
  accountLabel: v.string(),
  /** As `name` of the account. */
  accountName: text,
  connection: connectionSchema,
});

/** A session as text: its record. */
export function recordOf(session: Session): string {
  return JSON.stringify({ version, session });
}

/** What is kept beside a record, without a secret, to tell of the session when the record is lost. */
export function aboutOf({ account, connection }: Session): string {
  return JSON.stringify({ accountLabel: account.label, accountName: account.name, connection });
}

/** The session in a record of this version or an older one; undefined where it cannot be read. */
export function parseRecord(text: string): Session | undefined {
  const parsed = v.safeParse(recordSchema, migrate(parseJson(text)));
  return parsed.success ? parsed.output.session : undefined;
}

/**
 * A record of an older version, in the shape of this one. Version 1 did not record when the person signed in; the
 * token's own time is the nearest known. Version 2 (release 0.1.0) had other names for some error kinds, took the
 * account's ID from a claim of the token, and labels that did not always name the issuer.
 */
function migrate(record: unknown): unknown {
  const old = v.safeParse(oldRecordSchema, record);
  if (!old.success) return record;
  const {
    signedInAt = old.output.session.tokenSet.obtainedAt,
    ended,
    history,
    connection,
    ...session
  } = old.output.session;
  return {
    version,
    session: {
      ...session,
      connection,
      signedInAt,
      account: migratedAccount(connection, session.tokenSet, session.account),
      ...(ended === undefined ? {} : { ended: withKindOfToday(ended) }),
      ...(history === undefined ? {} : { history: history.map(withKindOfToday) }),
    },
  };
}

function withKindOfToday<T extends { readonly kind?: string }>(note: T): T {
  const kind = renamedKinds.get(note.kind ?? '');
  return kind === undefined ? note : { ...note, kind };
}

/** What the token says today, or the old one where the token says nothing of the person. */
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

/** What release 0.1.0 called the error kinds that can end a session. */
const renamedKinds: ReadonlyMap<string, SignInErrorKind> = new Map([
  ['grantOver', 'grantRevoked'],
  ['lostByKeyring', 'credentialStoreLost'],
  ['registrationExpired', 'registrationRefused'],
  ['unexpectedAnswer', 'invalidResponse'],
  ['organisationRule', 'blockedByOrganization'],
  ['startUrlRefused', 'invalidStartUrl'],
]);

/** After an update, a window that was not reloaded meets records of the version to come. */
export function isOfNewerVersion(record: string): boolean {
  const parsed = v.safeParse(v.object({ version: v.number() }), parseJson(record));
  return parsed.success && parsed.output.version > version;
}

/** What is known of a session whose record is lost. */
export function parseAbout(id: string, about: string): LostSession | undefined {
  const parsed = v.safeParse(aboutSchema, parseJson(about));
  return parsed.success ? { id, ...parsed.output } : undefined;
}
