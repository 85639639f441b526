import * as v from 'valibot';
import type { Frozen } from '../defined.ts';
import { isScope, maxScopes } from '../oauth/scopes.ts';
import { unicodePattern } from '../text/unicodePattern.ts';

/** How the value of a field is entered, written in a link, and described in the manifest. */
export type FieldKind =
  'name' | 'startUrl' | 'issuer' | 'region' | 'clientId' | 'text' | 'scopes' | 'ports' | 'flow' | 'map';

/** The names of the flows in settings and arguments. */
export const flowNames = ['deviceCode', 'authorizationCode'] as const;

/**
 * A member of a connection, defined once; schemas, the editor, links, diagnostics and command arguments derive
 * from it (CONTRIBUTING.md, *A member of a connection*).
 */
export interface Field {
  readonly kind: FieldKind;
  /** `v.exactOptional` if a connection may omit it. Addresses are parsed on use. */
  readonly schema: v.ObjectEntries[string];
  /** Validates input in settings.json: a regular expression that works with and without the `u` flag. */
  readonly pattern?: string;
  /** Examples for settings.json, its snippets, and input placeholders. */
  readonly examples?: readonly string[];
  /**
   * Role as an argument of a sign-in command: part of the place to sign in, which identifies a connection, or a
   * value for one request, which is never saved in settings. Absent if no command takes the field.
   */
  readonly argument?: 'place' | 'request';
  /** Whether a connection link includes it; if not, it is specific to a machine. */
  readonly inLink?: true;
  /** False if the connection editor does not offer it. */
  readonly editable?: false;
  /** Whether it identifies a person: masked in diagnostics, and not sent when switching accounts. */
  readonly isPersonal?: true;
  /** The authorization request parameter for its value; in a map, each key is a parameter. */
  readonly sentAs?: string;
}

/** The fields of a connection type, in display order. */
export type Fields = Readonly<Record<string, Field>>;

/** Schema of the scopes of a connection or a request. */
export const scopesSchema = v.pipe(
  v.array(v.pipe(v.string(), v.check(isScope))),
  v.minLength(1),
  v.maxLength(maxScopes),
);

/** Matches invisible characters, and those that change how neighbors are displayed; a plain space is allowed. */
const unseen = unicodePattern(
  String.raw`[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}`,
);
const isSeen = (text: string): boolean => !unseen().test(text);
const parameterName = /^[a-z][\w.-]{0,49}$/i;
/** Parameters that a sign-in sets itself, or that must not be stored in a setting. */
const ownParameter =
  /^(response_(type|mode)|client_id|redirect_uri|scope|state|nonce|code_challenge(_method)?|request(_uri)?|login_hint)$|secret|passw|token|assertion|verifier/i;

/** Schema of additional authorization request parameters (RFC 6749, 3.1): up to 20, up to 200 characters each. */
export const parametersSchema = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.regex(parameterName),
      v.check((name) => !ownParameter.test(name)),
    ),
    v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200), v.check(isSeen)),
  ),
  v.check((map) => Object.keys(map).length > 0 && Object.keys(map).length <= 20),
);

/** Schema of loopback ports, in the order to try. */
const portsSchema = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
  v.minLength(1),
);

/** A valid name after `sso-session` in `~/.aws/config`, quoted there if it contains spaces. */
const ssoSessionName = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]{1,100}$';

/** A loopback redirect URI (RFC 8252, 7.3): the host, and the port and path if they are fixed. */
const redirectUriPattern =
  '^http://(localhost|127\\.0\\.0\\.1)(:[1-9][0-9]{0,4})?(/oauth/callback(/[0-9a-f]{16})?)?$';

/** A user's login: one word. */
const loginPattern = '^[^\\s\\u0000-\\u001f\\u007f-\\u009f]{1,200}$';

/** All members of connections; a name means the same in every type. */
const members = {
  name: {
    kind: 'name',
    schema: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)),
    pattern: '\\S',
    examples: ['My company'],
    inLink: true,
  },
  startUrl: {
    kind: 'startUrl',
    schema: v.string(),
    pattern: '^https://[^@\\s]+$',
    examples: ['https://d-1234567890.awsapps.com/start'],
    argument: 'place',
    inLink: true,
  },
  region: {
    kind: 'region',
    schema: v.string(),
    pattern: '^[a-z]{2,4}(-[a-z]{2,10}){1,2}-[1-9][0-9]?$',
    examples: ['us-east-1'],
    argument: 'place',
    inLink: true,
  },
  issuer: {
    kind: 'issuer',
    schema: v.string(),
    pattern: '^(https://[^@?#\\s]+|http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])([:/][^@?#\\s]*)?)$',
    examples: ['https://example.okta.com/oauth2/aus1a2b3c4d5'],
    argument: 'place',
    inLink: true,
  },
  clientId: {
    kind: 'clientId',
    schema: v.string(),
    pattern: '^(?!.*://)[!-~]{1,200}$',
    examples: ['0oa1b2c3d4E5f6G7h8i9'],
    argument: 'place',
    inLink: true,
  },
  scopes: {
    kind: 'scopes',
    schema: v.exactOptional(scopesSchema),
    argument: 'request',
    inLink: true,
  },
  /** Where the browser returns: on any port if it has none, and at the issuer's own path if it has none. */
  redirectUri: {
    kind: 'text',
    schema: v.exactOptional(v.pipe(v.string(), v.url(), v.regex(new RegExp(redirectUriPattern, 'u')))),
    pattern: redirectUriPattern,
    examples: ['http://127.0.0.1', 'http://localhost/oauth/callback'],
    argument: 'request',
    inLink: true,
  },
  redirectPorts: {
    kind: 'ports',
    schema: v.exactOptional(portsSchema),
    examples: ['3128 4649 6588'],
    argument: 'request',
  },
  /** Prefills the login on the sign-in page (OpenID Connect Core 1.0, 3.1.2.1). */
  loginHint: {
    kind: 'text',
    schema: v.exactOptional(v.pipe(v.string(), v.regex(new RegExp(loginPattern, 'u')), v.check(isSeen))),
    pattern: loginPattern,
    examples: ['ana@example.com'],
    argument: 'request',
    inLink: true,
    isPersonal: true,
    sentAs: 'login_hint',
  },
  /** Additional authorization request parameters, such as `audience`, `resource`, `acr_values`, `domain_hint`. */
  authorizeParameters: {
    kind: 'map',
    schema: v.exactOptional(parametersSchema),
    examples: ['audience=https://api.example.com'],
    argument: 'request',
    inLink: true,
  },
  flow: {
    kind: 'flow',
    schema: v.exactOptional(v.picklist(flowNames)),
    argument: 'request',
  },
  /** The `[sso-session]` for sharing with the AWS CLI; *Share with the AWS CLI* asks for it and saves it. */
  awsCli: {
    kind: 'text',
    schema: v.exactOptional(v.pipe(v.string(), v.regex(new RegExp(ssoSessionName, 'u')))),
    pattern: ssoSessionName,
    editable: false,
  },
} as const satisfies Fields;

function pick<N extends keyof typeof members>(...names: readonly N[]): Pick<typeof members, N> {
  return Object.fromEntries(names.map((name) => [name, members[name]])) as Pick<typeof members, N>;
}

/** Fields of OpenID Connect connections by type, except `type`. */
const openIdFields = {
  okta: pick('name', 'issuer', 'clientId', 'scopes', 'redirectPorts', 'loginHint', 'flow'),
  /** Any other OpenID Connect provider, as a public client. */
  oidc: {
    ...pick('name', 'issuer', 'clientId', 'scopes', 'redirectUri', 'redirectPorts'),
    ...pick('loginHint', 'authorizeParameters', 'flow'),
    issuer: { ...members.issuer, examples: ['https://login.example.com'] },
    clientId: { ...members.clientId, examples: ['developer-sign-in'] },
  },
} as const satisfies Readonly<Record<string, Fields>>;

/** Fields of connections by type, except `type`. */
export const connectionFields = {
  identityCenter: pick('name', 'startUrl', 'region', 'scopes', 'flow', 'awsCli'),
  ...openIdFields,
} as const satisfies Readonly<Record<string, Fields>>;

/** A connection type, as named in settings. */
export type ConnectionType = keyof typeof connectionFields;

/** All connection types, in display order. */
export const connectionTypes = Object.keys(connectionFields) as readonly ConnectionType[];

/** A connection type for OpenID Connect providers. */
export type OpenIdType = keyof typeof openIdFields;

/** All connection types for OpenID Connect providers. */
export const openIdTypes = Object.keys(openIdFields) as readonly OpenIdType[];

/** Whether a text names a connection type. */
export function isConnectionType(text: string | undefined): text is ConnectionType {
  return text !== undefined && Object.hasOwn(connectionFields, text);
}

/** A field name of a connection type. */
export type FieldName<T extends ConnectionType = ConnectionType> = T extends ConnectionType
  ? keyof (typeof connectionFields)[T] & string
  : never;

/** The schemas of fields, by name. */
export type SchemasOf<F extends Fields> = { readonly [N in keyof F]: F[N]['schema'] };

/** An object with the values of these fields. */
export type MembersOf<F extends Fields> = Frozen<v.InferOutput<v.ObjectSchema<SchemasOf<F>, undefined>>>;

type Members = typeof members;
type ArgumentName<A> = {
  [N in keyof Members]: Members[N] extends { readonly argument: A } ? N : never;
}[keyof Members];

/** The fields of all connection types with an argument role. */
export type ArgumentFields<A extends Field['argument']> = Pick<Members, ArgumentName<A>>;

/** The fields of all connection types with an argument role, by name. */
export function argumentFields<A extends Field['argument']>(wanted: A): ArgumentFields<A> {
  const found = Object.entries<Field>(members).filter(([, { argument }]) => argument === wanted);
  return Object.fromEntries(found) as ArgumentFields<A>;
}

/** The schemas of fields, by name. */
export function schemasOf<F extends Fields>(fields: F): SchemasOf<F> {
  const schemas = Object.entries(fields).map(([name, { schema }]) => [name, schema] as const);
  return Object.fromEntries(schemas) as SchemasOf<F>;
}

/** The fields of a connection type with their names, in display order. */
export function fieldsOf(type: ConnectionType): readonly (Field & { readonly name: string })[] {
  return Object.entries<Field>(connectionFields[type]).map(([name, field]) => ({ name, ...field }));
}

/** Whether a connection may omit a field. */
export function isOptional({ schema }: Field): boolean {
  return schema.type === 'exact_optional';
}
