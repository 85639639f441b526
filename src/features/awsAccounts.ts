import * as v from 'valibot';
import { defined } from '../core/defined.ts';
import { SignInError } from '../core/oauth/errors.ts';
import type { HttpFetch } from '../core/ports.ts';
import type { IdentityCenterSession } from '../core/session/session.ts';
import { safeId, safeText } from '../core/text/safeText.ts';

/** An AWS account to which the user has access. */
export interface AwsAccount {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
}

/** Temporary credentials of a role in an AWS account. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A role in an AWS account. */
export interface AwsRole {
  readonly accountId: string;
  readonly roleName: string;
}

type Portal = Pick<IdentityCenterSession, 'endpoints' | 'tokenSet'>;

/** Role names as IAM allows them (CreateRole), since they are written to a configuration file and a terminal. */
const roleName = v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,64}$/));
/** Printable ASCII: credentials are written to standard output. */
const printable = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,10000}$/));
/** The latest time of a `Date`, in milliseconds (ECMA-262, 21.4.1.1). */
const lastMoment = 8.64e15;
const accountsSchema = v.object({
  accountList: v.array(
    v.object({
      accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
      accountName: v.nullish(v.string(), ''),
      emailAddress: v.nullish(v.string(), ''),
    }),
  ),
  nextToken: v.nullish(v.string()),
});
const rolesSchema = v.object({
  roleList: v.array(v.object({ roleName: v.unknown() })),
  nextToken: v.nullish(v.string()),
});
const credentialsSchema = v.object({
  roleCredentials: v.object({
    accessKeyId: printable,
    secretAccessKey: printable,
    sessionToken: printable,
    expiration: v.pipe(v.number(), v.minValue(0), v.maxValue(lastMoment)),
  }),
});

/** Page limit; at a hundred accounts per page, no organization has more. */
const maxPages = 200;

/**
 * The AWS accounts of a session's user (`ListAccounts` of the AWS SSO Portal API).
 * @throws SignInError as {@link roleCredentials}
 */
export async function listAccounts(
  http: HttpFetch,
  portal: Portal,
  signal: AbortSignal,
): Promise<readonly AwsAccount[]> {
  const pages = await allPages(
    { http, portal, signal, path: '/assignment/accounts', operation: 'listAccounts' },
    accountsSchema,
  );
  return pages
    .flatMap(({ accountList }) => accountList)
    .map(({ accountId, accountName, emailAddress }) => ({
      accountId,
      name: accountName,
      email: emailAddress,
    }));
}

/**
 * The user's roles in an AWS account (`ListAccountRoles`).
 * @throws SignInError as {@link roleCredentials}
 */
export async function listRoles(
  http: HttpFetch,
  portal: Portal,
  accountId: string,
  signal: AbortSignal,
): Promise<readonly AwsRole[]> {
  const pages = await allPages(
    {
      ...{ http, portal, signal, path: '/assignment/roles', operation: 'listAccountRoles' },
      query: { account_id: accountId },
    },
    rolesSchema,
  );
  const names = pages.flatMap(({ roleList }) => roleList.map((role) => role.roleName));
  return names.filter((name) => v.is(roleName, name)).map((name) => ({ accountId, roleName: name }));
}

/**
 * Credentials of a role (`GetRoleCredentials`). The request is not signed: the access token authorizes it.
 * @throws SignInError `signInNeeded` if the portal does not know the token (any more), `notAssigned` with the
 * reason `awsRole` if the user does not have the role, `rateLimited`, `serverError`, `invalidResponse`, or as
 * the transport
 */
export async function roleCredentials(
  http: HttpFetch,
  portal: Portal,
  { accountId, roleName }: AwsRole,
  signal: AbortSignal,
): Promise<AwsCredentials> {
  const query = { account_id: accountId, role_name: roleName };
  const { roleCredentials: found } = await get(
    { http, portal, signal, path: '/federation/credentials', operation: 'getRoleCredentials', query },
    credentialsSchema,
  );
  const { expiration, ...credentials } = found;
  return { ...credentials, expiresAt: expiration };
}

interface PortalRequest {
  readonly http: HttpFetch;
  readonly portal: Portal;
  readonly path: string;
  readonly operation: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function allPages<T extends { readonly nextToken?: string | null | undefined }>(
  request: PortalRequest,
  schema: v.GenericSchema<unknown, T>,
): Promise<readonly T[]> {
  const pages: T[] = [];
  let next: string | undefined;
  do {
    const query = { ...request.query, max_result: '100', ...defined({ next_token: next }) };
    const page = await get({ ...request, query }, schema);
    pages.push(page);
    next = page.nextToken ?? undefined;
  } while (next !== undefined && next !== '' && pages.length < maxPages);
  return pages;
}

async function get<T>(
  { http, portal, path, operation, query = {}, signal }: PortalRequest,
  schema: v.GenericSchema<unknown, T>,
): Promise<T> {
  const { endpoints, tokenSet } = portal;
  const { host } = new URL(endpoints.portal);
  const response = await http(`${endpoints.portal}${path}?${new URLSearchParams(query)}`, {
    method: 'GET',
    headers: { 'x-amz-sso_bearer_token': tokenSet.accessToken, accept: 'application/json' },
    signal,
  });
  const body: unknown = await response.json().catch(() => undefined);
  const requestId = safeId(response.headers.get('x-amzn-requestid'));
  const details = { operation, host, status: response.status, ...defined({ requestId }) };
  if (!response.ok) throw refusal(response, body, details);
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  throw new SignInError('invalidResponse', details);
}

const messageSchema = v.object({ message: v.string() });

function refusal(
  { status }: Response,
  body: unknown,
  given: { readonly operation: string; readonly host: string; readonly status: number },
): SignInError {
  const parsed = v.safeParse(messageSchema, body);
  const description = parsed.success ? safeText(parsed.output.message) : undefined;
  const details = { ...given, ...defined({ description }) };
  if (status === 401) return new SignInError('signInNeeded', details);
  if (status === 403 || status === 404)
    return new SignInError('notAssigned', { ...details, reason: 'awsRole' });
  if (status === 429) return new SignInError('rateLimited', details);
  if (status >= 500) return new SignInError('serverError', details);
  return new SignInError('invalidResponse', details);
}
