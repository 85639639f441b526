import * as v from 'valibot';
import { defined } from '../core/defined.ts';
import type { HttpFetch } from '../core/ports.ts';
import { safeText } from '../core/text/safeText.ts';
import { addressResults, readAddress, scimHostToConfirm } from './addresses.ts';
import type { Translator } from './translator.ts';
import { fact, fail, inconclusive, isResult } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { redirectIn } from './redirectIn.ts';
import { readScimToken, unsendableIn } from './scimToken.ts';
import type { SetupInputs } from './setupPorts.ts';

/** A SCIM user. */
export interface ScimPerson {
  /** Absent if the endpoint returns none (against RFC 7643, 3.1). */
  readonly id?: string;
  readonly userName: string;
  /** Absent if the endpoint returns none, which does not make a person inactive. */
  readonly active?: boolean;
}

/** The value of a SCIM read, or a result if it was refused. */
export type ScimResult<T> = { readonly value: T } | { readonly refusal: ScimRefusal };
/** A refused read, or one with an invalid response. */
export type ScimRefusal = CheckResult<
  ScimReason | 'unclearAnswer',
  'given' | 'host' | 'status' | 'words' | 'unexpected' | 'redirectsTo' | keyof ReturnType<typeof scimEvidence>
>;

/** A boolean, which some servers write as text. */
const booleanSchema = v.pipe(
  v.union([v.boolean(), v.pipe(v.string(), v.toLowerCase(), v.picklist(['true', 'false']))]),
  v.transform((given) => given === true || given === 'true'),
);
const id = v.optional(v.nullable(v.union([v.string(), v.pipe(v.number(), v.transform(String))])));

/** The used members of a user resource (RFC 7643, 4.1). */
const personSchema = v.object({
  id,
  userName: v.string(),
  active: v.optional(v.nullable(booleanSchema)),
});
/** The used members of a group resource (RFC 7643, 4.2). */
export const groupSchema = v.object({
  id,
  displayName: v.optional(v.nullable(v.string()), ''),
  members: v.optional(
    v.nullable(
      v.array(v.object({ value: v.optional(v.string(), ''), type: v.optional(v.nullable(v.string())) })),
    ),
    [],
  ),
});
/**
 * A list response (RFC 7644, 3.4.2); servers omit an empty list or write null. One that counts results but has
 * none on its page is inconclusive, and so is other JSON, which any address may send.
 */
export const listOf = <T extends v.GenericSchema>(resource: T) =>
  v.pipe(
    v.object({
      Resources: v.optional(v.nullable(v.array(resource))),
      totalResults: v.optional(v.unknown()),
    }),
    v.check(
      ({ Resources, totalResults: total }) =>
        (Resources ?? []).length > 0 ||
        ((Resources !== undefined || total != null) && !(Number(total ?? 0) > 0)),
      'totalResults',
    ),
    v.transform(({ Resources }) => Resources ?? []),
  );

/** The login to search for; a made-up one if none is given. */
export function searchedName({ userName = '' }: SetupInputs): string {
  const given = userName.trim();
  return given === '' ? 'setup-check@invalid.example' : given;
}

/** Searches for a login and returns the unparsed resources. */
export async function searchUsers(
  http: HttpFetch,
  inputs: SetupInputs,
  signal: AbortSignal,
): Promise<ScimResult<readonly unknown[]>> {
  const filter = `userName eq ${quoted(searchedName(inputs))}`;
  return readScim(
    http,
    { inputs, path: `/Users?filter=${encodeURIComponent(filter)}`, schema: listOf(v.unknown()) },
    signal,
  );
}

/** The given person among a search's results; undefined if no user has that login. */
export function personIn(
  answer: ScimResult<readonly unknown[]>,
  inputs: SetupInputs,
): ScimResult<ScimPerson | undefined> {
  if ('refusal' in answer) return answer;
  const parsed = v.safeParse(v.array(personSchema), answer.value);
  if (!parsed.success) return { refusal: unexpectedIn(parsed.issues, 'Resources') };
  const wanted = searchedName(inputs).toLowerCase();
  const named = parsed.output.filter(({ userName }) => userName.toLowerCase() === wanted);
  // The results may contain a person twice, once deleted and once re-created.
  const found = named.find(({ active }) => active !== false) ?? named[0];
  const [stranger] = parsed.output;
  if (found === undefined && stranger !== undefined)
    return {
      refusal: inconclusive('filterIgnored', { asked: wanted, answered: stranger.userName.slice(0, 200) }),
    };
  if (found === undefined) return { value: undefined };
  const { id: number, userName, active } = found;
  return { value: { userName, ...defined({ id: number ?? undefined, active: active ?? undefined }) } };
}

/** A filter value (RFC 7644, 3.4.2.2): a JSON string. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The bearer token for the header. */
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

/** A read request, and the schema of its response. */
export interface ScimRequest<T> {
  readonly inputs: SetupInputs;
  readonly path: string;
  readonly schema: T;
}

/** Reads a SCIM resource; a refusal is a result, with separate reasons for 400, 401, 403 and 404. */
export async function readScim<T extends v.GenericSchema>(
  http: HttpFetch,
  { inputs, path, schema }: ScimRequest<T>,
  signal: AbortSignal,
): Promise<ScimResult<v.InferOutput<T>>> {
  const address = readAddress(inputs.scimEndpoint ?? '');
  if (isResult(address)) return { refusal: address };
  // Parsed as in the endpoint's check: without its label and a trailing slash.
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
  // SCIM refuses in JSON with a detail (RFC 7644, 3.12), so anything else may be from a proxy or firewall.
  const isOthers = body === undefined ? isPage(response) : status === 403 && words === undefined;
  if (isOthers) return { refusal: inconclusive('unclearAnswer', { status, unexpected: notJson(response) }) };
  const reason = status === 400 ? (isSearch ? 'filterRefused' : 'badRequest') : refusals[status];
  const evidence = { status, words, redirectsTo: redirectIn(response) };
  return { refusal: reason === undefined ? inconclusive('unclearAnswer', evidence) : fail(reason, evidence) };
}

function isPage({ headers }: Response): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? '');
}

/** The content type of a response that is not JSON. */
function notJson({ headers }: Response): string {
  return headers.get('content-type')?.slice(0, 100) ?? 'no content type';
}

/** The part of a response that violates RFC 7643 or 7644. */
function unexpectedIn(issues: readonly [v.BaseIssue<unknown>, ...unknown[]], under?: string): ScimRefusal {
  const [first] = issues;
  // For an inconsistent list, name the decisive member.
  const place = first.type === 'check' ? first.message : v.getDotPath(first);
  const path = [under, place].filter((part) => part != null).join('.');
  return inconclusive('unclearAnswer', {
    status: 200,
    unexpected: path === '' ? 'JSON' : path.slice(0, 100),
  });
}

const badRequest = (l10n: Translator) => ({
  found: l10n.t('The endpoint refused the request (HTTP 400).'),
  next: l10n.t('Compare the SCIM endpoint with the console. The endpoint’s message is shown below.'),
});

/** Texts for refused reads by {@link readScim}. */
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
  filterRefused: badRequest(l10n),
  badRequest: badRequest(l10n),
  filterIgnored: (result: CheckResult) => ({
    found: l10n.t(
      'The endpoint ignored the search and returned {0}.',
      fact(result, 'answered') || l10n.t('other records'),
    ),
    next: l10n.t('Look up the person and the group in the console.'),
  }),
});
type ScimReason = keyof ReturnType<typeof scimResults>;

/** Names of the evidence of a read. */
export const scimEvidence = (l10n: Translator) => ({
  character: l10n.t('Character'),
  asked: l10n.t('Requested'),
  answered: l10n.t('Returned'),
});
