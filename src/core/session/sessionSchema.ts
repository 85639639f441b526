import * as v from 'valibot';
import { connectionSchema } from '../connection/connectionSchema.ts';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInErrorKind } from '../oauth/errors.ts';
import { tokenSetSchema } from '../oauth/tokenSet.ts';
import { issuanceEntries } from '../providers/issuance.ts';

const text = v.exactOptional(v.string());
/** Epoch milliseconds. */
const moment = v.number();
const errorKind = v.picklist(Object.keys(errorEffects) as SignInErrorKind[]);
/** A refresh or a failed attempt; every value is safe to display. */
const note = { at: moment, host: text, status: v.exactOptional(v.number()), code: text };

const common = {
  /** Hex; always the same for a connection and account. */
  id: v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
  account: v.object({
    /** Stable: the connection's issuer and the subject, or the partition and normalized start URL. */
    id: v.string(),
    /** Unique across issuers, since it contains the address; VS Code stores consent for other extensions under it. */
    label: v.string(),
    /** The login, or the name that the user entered; short, for display beside the connection. */
    name: text,
  }),
  tokenSet: tokenSetSchema,
  signedInAt: moment,
  refreshedAt: v.exactOptional(moment),
  /**
   * The end of the session: when, and the error that ended it, safe to display. The access token is served
   * until it expires; the record keeps no refresh token, and an empty access token after that.
   */
  ended: v.exactOptional(
    v.object({
      at: moment,
      kind: errorKind,
      host: text,
      code: text,
      description: text,
      requestId: text,
      /** A detail that the message for this kind needs besides the code, such as `dpop`. */
      reason: text,
      isGeneric: v.exactOptional(v.literal(true)),
    }),
  ),
  /** The scopes of the sign-in request; absent in records that did not store them. */
  requestedScopes: v.exactOptional(v.array(v.string())),
  /** The last ten refreshes and failed attempts, oldest first. If unreadable, starts over; the session remains. */
  history: v.exactOptional(v.fallback(v.array(v.object({ ...note, kind: v.exactOptional(errorKind) })), [])),
  /** The last failed refresh of this token, for the other windows. If unreadable, it counts as long past. */
  tried: v.exactOptional(
    v.fallback(
      v.object({
        ...note,
        kind: errorKind,
        /** Consecutive failures across all windows. */
        failures: v.number(),
        /** Epoch milliseconds before which the server asks not to be called again. */
        retryAt: v.exactOptional(moment),
      }),
      { at: 0, kind: 'invalidResponse', failures: 1 },
    ),
  ),
  /** Consecutive ambiguous refusals of a refresh since the token expired. */
  refusals: v.exactOptional(v.object({ since: moment, count: v.number() })),
  /** When the user chose this session over others of its provider. */
  preferredAt: v.exactOptional(moment),
  /** When the user was warned that the session is about to end. */
  warnedAt: v.exactOptional(moment),
  /** Where the user lets programs get the token: a host name (its terminals), or host name and workspace address. */
  programPlaces: v.exactOptional(v.array(v.string())),
  /** The entry in the AWS CLI's token cache, if the user shares the session. */
  awsCli: v.exactOptional(
    v.object({
      /** The name of the `[sso-session]`. */
      name: v.string(),
      /** Start of the SHA-256 (hex) of the last access token left there; any other is the CLI's or an SDK's. */
      left: text,
      /**
       * Why writes are paused until the user shares the session again: the file was removed (`aws sso logout`),
       * contains another sign-in, or can be changed by other users of the machine.
       */
      paused: v.exactOptional(v.picklist(['removed', 'replaced', 'notPrivate'])),
      /** Whether the user was asked to resume. */
      asked: v.exactOptional(v.literal(true)),
    }),
  ),
};

const schemaOf = <I extends v.ObjectEntries>(issuance: I) => v.object({ ...common, ...issuance });
type SchemaOf<I> = I extends v.ObjectEntries ? ReturnType<typeof schemaOf<I>> : never;

/** Schema of a session in its record, version 3. */
export const sessionSchema = v.pipe(
  v.variant('type', issuanceEntries.map(schemaOf) as SchemaOf<(typeof issuanceEntries)[number]>[]),
  v.check(
    ({ ended, tokenSet }) => tokenSet.accessToken !== '' || ended !== undefined,
    'Only a session that is over is without a token.',
  ),
);

/** Schema of the text stored beside a record. */
export const aboutSchema = v.object({
  accountLabel: v.string(),
  /** The account's `name`. */
  accountName: text,
  connection: connectionSchema,
});
