import * as v from 'valibot';
import type { HttpFetch } from '../core/ports.ts';
import { safeText } from '../core/text/safeText.ts';
import { addressResults, readAddress, scimHostToConfirm } from './addresses.ts';
import type { Translator } from './translator.ts';
import { fact, fail, inconclusive, isResult } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { redirectIn } from './redirectIn.ts';
import { readScimToken, unsendableIn } from './scimToken.ts';
import type { SetupInputs } from './setupPorts.ts';

/** A user as SCIM has it. */
export interface ScimPerson {
  /** Absent where the endpoint gives none (against RFC 7643, 3.1). */
  readonly id?: string;
  readonly userName: string;
  readonly active: boolean;
}

/** What came of a read: the value, or the result that its refusal is. */
export type ScimAnswer<T> = { readonly value: T } | { readonly refusal: ScimRefusal };
/** A read that was refused, or whose answer is not understood. */
export type ScimRefusal = CheckResult<
  ScimReason | 'unclearAnswer',
  'given' | 'host' | 'status' | 'words' | 'unexpected' | 'redirectsTo' | keyof ReturnType<typeof scimEvidence>
>;

/** Servers write true and false as text too. */
const truth = v.pipe(
  v.union([v.boolean(), v.pipe(v.string(), v.toLowerCase(), v.picklist(['true', 'false']))]),
  v.transform((given) => given === true || given === 'true'),
);
const id = v.optional(v.nullable(v.union([v.string(), v.pipe(v.number(), v.transform(String))])));

/** A user resource, as far as it is looked at (RFC 7643, 4.1). */
const personSchema = v.object({
  id,
  userName: v.string(),
  active: v.optional(v.nullable(truth), true),
});
/** A group resource, as far as it is looked at (RFC 7643, 4.2). */
export const groupSchema = v.object({
  id,
  displayName: v.optional(v.nullable(v.string()), ''),
  members: v.optional(v.nullable(v.array(v.object({ value: v.optional(v.string(), '') }))), []),
});
/**
 * A list's answer (RFC 7644, 3.4.2); servers leave an empty list out, or write null. One that counts results and has none on
 * its page leaves it open.
 */
export const listOf = <T extends v.GenericSchema>(resource: T) =>
  v.pipe(
    v.object({
      Resources: v.optional(v.nullable(v.array(resource)), []),
      totalResults: v.optional(v.unknown()),
    }),
    v.transform(({ Resources, totalResults }) => ({
      found: Resources ?? [],
      total: Number(totalResults ?? 0),
    })),
    v.check(({ found, total }) => found.length > 0 || !(total > 0), 'totalResults'),
    v.transform(({ found }) => found),
  );

/** The login that is looked up; one that no one has where none is given. */
export function searchedName({ userName = '' }: SetupInputs): string {
  const given = userName.trim();
  return given === '' ? 'setup-check@invalid.example' : given;
}

/** What the search for one login is answered, whatever the resources look like. */
export async function searchUsers(
  http: HttpFetch,
  inputs: SetupInputs,
  signal: AbortSignal,
): Promise<ScimAnswer<readonly unknown[]>> {
  const filter = `userName eq ${quoted(searchedName(inputs))}`;
  return readScim(
    http,
    { inputs, path: `/Users?filter=${encodeURIComponent(filter)}`, schema: listOf(v.unknown()) },
    signal,
  );
}

/** The person who was asked for among those that a search brought; undefined when no user has that login. */
export function personIn(
  answer: ScimAnswer<readonly unknown[]>,
  inputs: SetupInputs,
): ScimAnswer<ScimPerson | undefined> {
  if ('refusal' in answer) return answer;
  const parsed = v.safeParse(v.array(personSchema), answer.value);
  if (!parsed.success) return { refusal: unexpectedIn(parsed.issues, 'Resources') };
  const wanted = searchedName(inputs).toLowerCase();
  const found = parsed.output.find(({ userName }) => userName.toLowerCase() === wanted);
  const [stranger] = parsed.output;
  if (found === undefined && stranger !== undefined)
    return {
      refusal: inconclusive('filterIgnored', { asked: wanted, answered: stranger.userName.slice(0, 200) }),
    };
  if (found === undefined) return { value: undefined };
  const { id: number, userName, active } = found;
  return { value: { ...(number == null ? {} : { id: number }), userName, active: active ?? true } };
}

/** A value in a filter (RFC 7644, 3.4.2.2): a JSON string. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The bearer token as a header takes it. */
export function tokenOf({ scimToken = '' }: SetupInputs): string {
  return readScimToken(scimToken);
}

const refusals: Readonly<Partial<Record<number, ScimReason>>> = {
  401: 'tokenRefused',
  403: 'tokenForbidden',
  404: 'scimNotFound',
};

const errorSchema = v.object({
  detail: v.optional(v.string()),
  message: v.optional(v.string()),
});

/** What is read, and in which shape. */
export interface ScimRequest<T> {
  readonly inputs: SetupInputs;
  readonly path: string;
  readonly schema: T;
}

/** One read; a refusal is a result, and 400, 401, 403 and 404 are each their own. */
export async function readScim<T extends v.GenericSchema>(
  http: HttpFetch,
  { inputs, path, schema }: ScimRequest<T>,
  signal: AbortSignal,
): Promise<ScimAnswer<v.InferOutput<T>>> {
  const address = readAddress(inputs.scimEndpoint ?? '');
  if (isResult(address)) return { refusal: address };
  // As the check of the endpoint read it: without its label, and the slash that it may end in.
  const endpoint = `${address.url.origin}${address.url.pathname.replace(/\/+$/, '')}`;
  const host = scimHostToConfirm(endpoint);
  if (host !== undefined && host !== inputs.confirmedScimHost)
    return { refusal: inconclusive('scimHostNotConfirmed', { host }) };
  const character = unsendableIn(tokenOf(inputs));
  if (character !== undefined) return { refusal: fail('tokenCharacter', { character }) };
  const request = {
    method: 'GET',
    headers: {
      authorization: `Bearer ${tokenOf(inputs)}`,
      accept: 'application/scim+json, application/json',
    },
    signal,
  };
  const response = await http(`${endpoint}${path}`, request);
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (status === 200) {
    if (body === undefined)
      return { refusal: inconclusive('unclearAnswer', { status, unexpected: notJson(response) }) };
    const parsed = v.safeParse(schema, body);
    return parsed.success ? { value: parsed.output } : { refusal: unexpectedIn(parsed.issues) };
  }
  const said = v.safeParse(errorSchema, body);
  const words = said.success ? safeText(said.output.detail ?? said.output.message) : undefined;
  const isSearch = path.includes('filter=');
  // A page is of a proxy or a firewall on the way: what SCIM refuses is said in JSON (RFC 7644, 3.12).
  if (body === undefined && isPage(response))
    return { refusal: inconclusive('unclearAnswer', { status, unexpected: notJson(response) }) };
  const reason = status === 400 ? (isSearch ? 'filterRefused' : 'badRequest') : refusals[status];
  const evidence = { status, words, redirectsTo: redirectIn(response) };
  return { refusal: reason === undefined ? inconclusive('unclearAnswer', evidence) : fail(reason, evidence) };
}

function isPage({ headers }: Response): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '');
}

/** What an answer is that is not JSON. */
function notJson({ headers }: Response): string {
  return headers.get('content-type')?.slice(0, 100) ?? 'no content type';
}

/** Which part of an answer was not as RFC 7643 and 7644 have it. */
function unexpectedIn(issues: readonly [v.BaseIssue<unknown>, ...unknown[]], under?: string): ScimRefusal {
  const [first] = issues;
  // A list that does not agree with itself is named by the member that counts.
  const place = first.type === 'check' ? first.message : v.getDotPath(first);
  const path = [under, place].filter((part) => part != null).join('.');
  return inconclusive('unclearAnswer', {
    status: 200,
    unexpected: path === '' ? 'JSON' : path.slice(0, 100),
  });
}

/** The sentences for what {@link readScim} is refused for. */
export const scimResults = (l10n: Translator) => ({
  ...addressResults(l10n),
  tokenCharacter: (result: CheckResult) => ({
    found: l10n.t('The token contains a character that can’t be sent: {0}.', fact(result, 'character')),
    next: l10n.t('Copy the token again.'),
  }),
  scimHostNotConfirmed: (result: CheckResult) => ({
    found: l10n.t(
      'The token wasn’t sent because {0} isn’t an IAM Identity Center address.',
      fact(result, 'host'),
    ),
    next: l10n.t('Check the SCIM endpoint, or run the check again and agree to send the token there.'),
  }),
  tokenRefused: {
    found: l10n.t('The endpoint rejected the token (HTTP 401).'),
    next: l10n.t(
      'Compare the SCIM endpoint and its tenant ID with the console. If they match, generate a new token and enter it in Okta.',
    ),
  },
  tokenForbidden: {
    found: l10n.t('The endpoint doesn’t allow this operation with this token (HTTP 403).'),
    next: l10n.t('Generate a token in the console that shows this SCIM endpoint.'),
  },
  scimNotFound: {
    found: l10n.t('Nothing was found at this address (HTTP 404).'),
    next: l10n.t('Copy the SCIM endpoint again.'),
  },
  filterRefused: {
    found: l10n.t('The endpoint refused the search (HTTP 400).'),
    next: l10n.t('Compare the SCIM endpoint with the console. The evidence shows the endpoint’s message.'),
  },
  badRequest: {
    found: l10n.t('The endpoint refused the request (HTTP 400).'),
    next: l10n.t('Compare the SCIM endpoint with the console. The evidence shows the endpoint’s message.'),
  },
  filterIgnored: (result: CheckResult) => ({
    found: l10n.t(
      'The endpoint ignored the search and returned {0}.',
      fact(result, 'answered') || l10n.t('other records'),
    ),
    next: l10n.t('Look up the person and the group in the console.'),
  }),
});
type ScimReason = keyof ReturnType<typeof scimResults>;

/** What evidence of a read is called. */
export const scimEvidence = (l10n: Translator) => ({
  character: l10n.t('Character'),
  asked: l10n.t('Requested'),
  answered: l10n.t('Returned'),
});
