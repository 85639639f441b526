import * as v from 'valibot';
import type { Connection, OpenIdConnection } from '../connection/connection.ts';
import { openIdTypes } from '../connection/connectionFields.ts';
import { connectionSchema, connectionSchemas } from '../connection/connectionSchema.ts';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInErrorKind } from '../oauth/errors.ts';
import { registrationSchema } from '../identityCenter/clientRegistration.ts';
import { authorizationServerSchema, usedRedirectSchema } from '../oidc/authorizationServerRecord.ts';
import { tokenSetSchema } from '../oauth/tokenSet.ts';
import { accountOfOldRecord } from './account.ts';
import type { Account, LostSession, Session } from './session.ts';
import { parseJson } from '../text/parseJson.ts';

const note = {
  at: v.number(),
  host: v.exactOptional(v.string()),
  status: v.exactOptional(v.number()),
  code: v.exactOptional(v.string()),
};
const errorKind = v.picklist(Object.keys(errorEffects) as SignInErrorKind[]);

/** The shape of a history in a session's record. One that cannot be read costs no session: it begins anew. */
const refreshHistorySchema = v.exactOptional(
  v.fallback(v.array(v.object({ ...note, kind: v.exactOptional(errorKind) })), []),
);

/** The shape of the last try in a session's record. One that cannot be read is one of long ago. */
const refreshTrySchema = v.exactOptional(
  v.fallback(
    v.object({ ...note, kind: errorKind, failures: v.number(), retryAt: v.exactOptional(v.number()) }),
    { at: 0, kind: 'invalidResponse', failures: 1 },
  ),
);

const common = {
  id: v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
  account: v.object({ id: v.string(), label: v.string(), name: v.exactOptional(v.string()) }),
  tokenSet: tokenSetSchema,
  signedInAt: v.number(),
  refreshedAt: v.exactOptional(v.number()),
  ended: v.exactOptional(
    v.object({
      at: v.number(),
      kind: errorKind,
      host: v.exactOptional(v.string()),
      code: v.exactOptional(v.string()),
      description: v.exactOptional(v.string()),
      requestId: v.exactOptional(v.string()),
      reason: v.exactOptional(v.string()),
      isGeneric: v.exactOptional(v.literal(true)),
    }),
  ),
  requestedScopes: v.exactOptional(v.array(v.string())),
  history: refreshHistorySchema,
  tried: refreshTrySchema,
  refusals: v.exactOptional(v.object({ since: v.number(), count: v.number() })),
  preferredAt: v.exactOptional(v.number()),
  warnedAt: v.exactOptional(v.number()),
  programPlaces: v.exactOptional(v.array(v.string())),
};

const openIdIssuance = {
  server: authorizationServerSchema,
  redirect: v.exactOptional(usedRedirectSchema),
};

/** The shape of a session at an OpenID Connect provider. */
const openIdSession = <T extends OpenIdConnection['type']>(type: T) =>
  v.object({ type: v.literal(type), ...common, connection: connectionSchemas[type], ...openIdIssuance });
type OpenIdSessionSchemas = {
  readonly [T in OpenIdConnection['type']]: ReturnType<typeof openIdSession<T>>;
};

/** The shape of a session in its record, version 3. */
const withOrWithoutToken = v.variant('type', [
  v.object({
    type: v.literal('identityCenter'),
    ...common,
    connection: connectionSchemas.identityCenter,
    endpoints: v.object({ oidc: v.string(), portal: v.string() }),
    registration: registrationSchema,
    awsCli: v.exactOptional(
      v.object({
        name: v.string(),
        left: v.exactOptional(v.string()),
        paused: v.exactOptional(v.picklist(['removed', 'replaced', 'notPrivate'])),
        asked: v.exactOptional(v.literal(true)),
      }),
    ),
  }),
  // Each with the connection of its own type, which `map` cannot tell.
  ...(openIdTypes.map(openIdSession) as OpenIdSessionSchemas[OpenIdConnection['type']][]),
]);

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
const aboutSchema = v.object({
  accountLabel: v.string(),
  accountName: v.exactOptional(v.string()),
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
