import * as v from 'valibot';
import type { HttpFetch } from '../core/ports.ts';
import { safeText } from '../core/text/safeText.ts';
import { withoutEcho } from '../core/text/withoutEcho.ts';
import { addressResults, readAddress, scimHostToConfirm } from './addresses.ts';
import type { Translator } from './translator.ts';
import { fact, fail, inconclusive, isResult } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { cleanPasted } from '../core/text/pastedText.ts';
import { readScimToken, unsendableIn } from './scimToken.ts';
import type { SetupInputs } from './setupPorts.ts';

/** A user as SCIM has it. */
export interface ScimPerson {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
}

/** What came of a read: the value, or the result that its refusal is. */
export type ScimAnswer<T> = { readonly value: T } | { readonly refusal: ScimRefusal };
type ScimRefusal = CheckResult<
  ScimReason | 'unclearAnswer',
  'given' | 'host' | 'status' | 'words' | keyof ReturnType<typeof scimEvidence>
>;

/** A user resource, as far as it is looked at (RFC 7643, 4.1). */
export const personSchema = v.object({
  id: v.string(),
  userName: v.string(),
  active: v.optional(v.boolean(), true),
});
/** A list's answer (RFC 7644, 3.4.2). */
export const listOf = <T extends v.GenericSchema>(resource: T) =>
  v.object({ totalResults: v.optional(v.number(), 0), Resources: v.optional(v.array(resource), []) });

/** Asks for the person who is to be looked up; undefined when no user has that login. */
export async function findPerson(
  http: HttpFetch,
  inputs: SetupInputs,
  signal: AbortSignal,
): Promise<ScimAnswer<ScimPerson | undefined>> {
  const userName = inputs.userName?.trim() ?? '';
  const path = `/Users?filter=${encodeURIComponent(`userName eq ${quoted(userName)}`)}`;
  const answer = await readScim(http, inputs, path, listOf(personSchema), signal);
  return 'refusal' in answer ? answer : { value: answer.value.Resources[0] };
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
  400: 'filterRefused',
  401: 'tokenRefused',
  403: 'tokenForbidden',
  404: 'scimNotFound',
};

const errorSchema = v.object({
  detail: v.optional(v.string()),
  message: v.optional(v.string()),
});

/** One read; a refusal is a result, and 401, 403 and 404 are each their own. */
export async function readScim<T extends v.GenericSchema>(
  http: HttpFetch,
  inputs: SetupInputs,
  path: string,
  schema: T,
  signal: AbortSignal,
): Promise<ScimAnswer<v.InferOutput<T>>> {
  const endpoint = cleanPasted(inputs.scimEndpoint ?? '');
  const address = readAddress(endpoint);
  if (isResult(address)) return { refusal: address };
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
  const response = await withoutEcho(await http(`${endpoint}${path}`, request), request);
  const { status } = response;
  const body: unknown = await response.json().catch(() => undefined);
  if (status === 200) {
    const parsed = v.safeParse(schema, body);
    return parsed.success ? { value: parsed.output } : { refusal: inconclusive('unclearAnswer', { status }) };
  }
  const said = v.safeParse(errorSchema, body);
  const words = said.success ? safeText(said.output.detail ?? said.output.message) : undefined;
  const reason = refusals[status];
  const evidence = { status, words };
  return { refusal: reason === undefined ? inconclusive('unclearAnswer', evidence) : fail(reason, evidence) };
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
      'The token was not sent: {0} is not an address of IAM Identity Center.',
      fact(result, 'host'),
    ),
    next: l10n.t('Check the SCIM endpoint, or run the check again and agree to send the token there.'),
  }),
  tokenRefused: {
    found: l10n.t('The endpoint does not accept this token (HTTP 401).'),
    next: l10n.t(
      'The token is mistyped, revoked, expired or of another endpoint: generate a new one and enter it in Okta.',
    ),
  },
  tokenForbidden: {
    found: l10n.t('The token is known, but may not read here (HTTP 403).'),
    next: l10n.t('Generate a token in the console that shows this SCIM endpoint.'),
  },
  scimNotFound: {
    found: l10n.t('There is nothing at this address (HTTP 404).'),
    next: l10n.t('Copy the SCIM endpoint again.'),
  },
  filterRefused: {
    found: l10n.t('The endpoint refused the search (HTTP 400).'),
    next: l10n.t('Check that the unique identifier field for users is userName.'),
  },
});
type ScimReason = keyof ReturnType<typeof scimResults>;

/** What evidence of a read is called. */
export const scimEvidence = (l10n: Translator) => ({ character: l10n.t('Character') });
