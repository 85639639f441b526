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
/** One refresh, or one try that failed: then with its kind and what is safe to show of it. */
const note = { at: moment, host: text, status: v.exactOptional(v.number()), code: text };

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
  signedInAt: moment,
  refreshedAt: v.exactOptional(moment),
  /**
   * When it ended, who said so, and in which words, safe to show. Its access token is served until it expires; its record keeps
   * no refresh token, and an empty access token after that.
   */
  ended: v.exactOptional(
    v.object({
      at: moment,
      kind: errorKind,
      host: text,
      code: text,
      description: text,
      requestId: text,
      /** A detail that the message for its kind needs beside the code, such as `dpop`. */
      reason: text,
      isGeneric: v.exactOptional(v.literal(true)),
    }),
  ),
  /** The scopes that the sign-in asked for; absent where that was not kept. */
  requestedScopes: v.exactOptional(v.array(v.string())),
  /** Its last ten refreshes and failed tries, oldest first. One that cannot be read costs no session: it begins anew. */
  history: v.exactOptional(v.fallback(v.array(v.object({ ...note, kind: v.exactOptional(errorKind) })), [])),
  /** The last refresh that failed since its token came, for the other windows. One that cannot be read is of long ago. */
  tried: v.exactOptional(
    v.fallback(
      v.object({
        ...note,
        kind: errorKind,
        /** How many have failed in a row, over all windows. */
        failures: v.number(),
        /** Epoch milliseconds before which the server asks not to be called again. */
        retryAt: v.exactOptional(moment),
      }),
      { at: 0, kind: 'invalidResponse', failures: 1 },
    ),
  ),
  /** Ambiguous refusals of a refresh since the token expired, in a row. */
  refusals: v.exactOptional(v.object({ since: moment, count: v.number() })),
  /** When a person chose it before others of its provider. */
  preferredAt: v.exactOptional(moment),
  /** When a person was told that it is about to end. */
  warnedAt: v.exactOptional(moment),
  /** Where a person allowed programs its token: a machine's host name (its terminals), or host name and workspace address. */
  programPlaces: v.exactOptional(v.array(v.string())),
  /** Its place in the token cache of the AWS CLI, where the person asked for that. */
  awsCli: v.exactOptional(
    v.object({
      /** The name of the `[sso-session]`. */
      name: v.string(),
      /** Which access token was left there last: the beginning of its SHA-256, hex. Another one is the CLI's or an SDK's. */
      left: text,
      /**
       * Why nothing is written there until a person shares it again: its file was removed (`aws sso logout`), has another
       * sign-in, or can be changed by other users of the machine.
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
export const sessionSchema = v.pipe(
  v.variant('type', issuanceEntries.map(schemaOf) as SchemaOf<(typeof issuanceEntries)[number]>[]),
  v.check(
    ({ ended, tokenSet }) => tokenSet.accessToken !== '' || ended !== undefined,
    'Only a session that is over is without a token.',
  ),
);

/** The shape of the text that is kept beside a record. */
export const aboutSchema = v.object({
  accountLabel: v.string(),
  /** As `name` of the account. */
  accountName: text,
  connection: connectionSchema,
});
