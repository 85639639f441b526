import * as v from 'valibot';
import type { HttpFetch } from '../core/ports.ts';
import { cleanPasted, codePointName } from '../core/text/pastedText.ts';
import { safeText } from '../core/text/safeText.ts';
import { withoutEcho } from '../core/text/withoutEcho.ts';
import { isFinding, readAddress, scimHostToConfirm } from './addresses.ts';
import { inconclusive, fail } from './checkResult.ts';
import type { CheckResult, FindingReason } from './checkResult.ts';
import type { SetupInputs } from './setupPorts.ts';

/** Somebody as SCIM knows them. */
export interface ScimPerson {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
}

/** What came of a read: the value, or the finding that its refusal is. */
export type ScimAnswer<T> = { readonly value: T } | { readonly finding: CheckResult };

export const personSchema = v.object({
  id: v.string(),
  userName: v.string(),
  active: v.optional(v.boolean(), true),
});
/** A list's answer (RFC 7644, 3.4.2). */
export const listOf = <T extends v.GenericSchema>(resource: T) =>
  v.object({ totalResults: v.optional(v.number(), 0), Resources: v.optional(v.array(resource), []) });

/** Asks for the person who is to be looked up; undefined when nobody has that login. */
export async function findPerson(
  http: HttpFetch,
  inputs: SetupInputs,
  signal: AbortSignal,
): Promise<ScimAnswer<ScimPerson | undefined>> {
  const userName = inputs.userName?.trim() ?? '';
  const path = `/Users?filter=${encodeURIComponent(`userName eq ${quoted(userName)}`)}`;
  const answer = await readScim(http, inputs, path, listOf(personSchema), signal);
  return 'finding' in answer ? answer : { value: answer.value.Resources[0] };
}

/** A value in a filter (RFC 7644, 3.4.2.2): a JSON string. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Consoles show the token bare; the whole header, quotes and what a copy brings along mean the same. */
export function readScimToken(text: string): string {
  return cleanPasted(cleanPasted(text).replace(/^(?:authorization\s{0,10}:\s{0,10})?bearer\s{1,10}/i, ''));
}

/** The first character of a token that cannot stand in a header (RFC 6750, 2.1), as `U+200B`. */
export function unsendableIn(token: string): string | undefined {
  const found = /[^\x21-\x7e]/u.exec(token)?.[0];
  return found === undefined ? undefined : codePointName(found);
}

export function tokenOf({ scimToken = '' }: SetupInputs): string {
  return readScimToken(scimToken);
}

const refusals: Readonly<Partial<Record<number, FindingReason>>> = {
  400: 'filterRefused',
  401: 'tokenRefused',
  403: 'tokenForbidden',
  404: 'scimNotFound',
};

const errorSchema = v.object({
  detail: v.optional(v.string()),
  message: v.optional(v.string()),
});

/** One read; a refusal is a finding, 401, 403 and 404 each its own. */
export async function readScim<T extends v.GenericSchema>(
  http: HttpFetch,
  inputs: SetupInputs,
  path: string,
  schema: T,
  signal: AbortSignal,
): Promise<ScimAnswer<v.InferOutput<T>>> {
  const endpoint = cleanPasted(inputs.scimEndpoint ?? '');
  const address = readAddress(endpoint);
  if (isFinding(address)) return { finding: address };
  const host = scimHostToConfirm(endpoint);
  if (host !== undefined && host !== inputs.confirmedScimHost)
    return { finding: inconclusive('scimHostNotConfirmed', { host }) };
  const character = unsendableIn(tokenOf(inputs));
  if (character !== undefined) return { finding: fail('tokenCharacter', { character }) };
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
    return parsed.success ? { value: parsed.output } : { finding: inconclusive('unclearAnswer', { status }) };
  }
  const said = v.safeParse(errorSchema, body);
  const words = said.success ? safeText(said.output.detail ?? said.output.message) : undefined;
  const reason = refusals[status];
  const evidence = { status, words };
  return { finding: reason === undefined ? inconclusive('unclearAnswer', evidence) : fail(reason, evidence) };
}
