import * as v from 'valibot';
import { decodeAccessToken } from '../core/oidc/accessToken.ts';
import { isFinding, readAddress, regionProblem } from './addresses.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive, pass, warn } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import { noticeMilliseconds } from './saml.ts';
import { listOf, personSchema, quoted, readScim, tokenOf } from './scimRequests.ts';

/** The endpoint is https, without a slash at its end, and has the form and the region of this Identity Center's. */
export async function checkScimEndpoint({ inputs, facts }: CheckContext): Promise<CheckResult> {
  const address = readAddress(inputs.scimEndpoint ?? '');
  if (isFinding(address)) return address;
  const { url, region } = address;
  const evidence = { address: url.href, region };
  if (url.pathname.endsWith('/') || url.search !== '' || url.hash !== '') {
    const suggestedAddress = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
    return fail('trailingSlash', { ...evidence, suggestedAddress });
  }
  if (!url.pathname.endsWith('/scim/v2')) return fail('notScimEndpoint', evidence);
  const problem = regionProblem(address, await facts.region());
  if (problem !== undefined) return problem;
  return region === undefined ? inconclusive('unknownForm', evidence) : pass(evidence);
}

/** The token opens `ServiceProviderConfig` (RFC 7644, 4). Nothing is written by any of these checks. */
export async function checkScimToken({ ports, inputs, signal }: CheckContext): Promise<CheckResult> {
  const answer = await readScim(ports.http, inputs, '/ServiceProviderConfig', v.looseObject({}), signal);
  if ('finding' in answer) return answer.finding;
  const { exp } = decodeAccessToken(tokenOf(inputs));
  if (exp === undefined) return pass();
  const tokenEndsAt = exp * 1000;
  const isSoon = tokenEndsAt - ports.clock.now() < noticeMilliseconds;
  return isSoon ? warn('tokenEndsSoon', { tokenEndsAt }) : pass({ tokenEndsAt });
}

/** A read with a filter is answered, also when it finds nobody (RFC 7644, 3.4.2.2). */
export async function checkScimRead({ ports, inputs, signal }: CheckContext): Promise<CheckResult> {
  const given = inputs.userName?.trim() ?? '';
  const userName = given === '' ? 'set-up-check@invalid.example' : given;
  const path = `/Users?filter=${encodeURIComponent(`userName eq ${quoted(userName)}`)}`;
  const answer = await readScim(ports.http, inputs, path, listOf(personSchema), signal);
  return 'finding' in answer ? answer.finding : pass({ asked: `userName eq ${quoted(userName)}` });
}

/** The person who was asked for is provisioned, and active. */
export async function checkPerson({ inputs, facts }: CheckContext): Promise<CheckResult> {
  const person = inputs.userName?.trim();
  const answer = await facts.person();
  if ('finding' in answer) return answer.finding;
  const { value } = answer;
  if (value === undefined) return fail('personMissing', { person });
  const evidence = { person: value.userName, active: String(value.active) };
  return value.active ? pass(evidence) : fail('personInactive', evidence);
}

const groupSchema = v.object({ id: v.string(), displayName: v.optional(v.string(), '') });

/**
 * The group that was asked for is provisioned and the person is in it. Identity Center gives no members with a group,
 * so it is asked as it wants to be: for the group with that id and that member.
 */
export async function checkGroups({ ports, inputs, facts, signal }: CheckContext): Promise<CheckResult> {
  const group = inputs.groupName?.trim() ?? '';
  const person = await facts.person();
  if ('finding' in person) return person.finding;
  if (person.value === undefined) return inconclusive('personMissing', { group });
  const { id, userName } = person.value;
  const search = async (filter: string) =>
    readScim(ports.http, inputs, `/Groups?filter=${encodeURIComponent(filter)}`, listOf(groupSchema), signal);
  const named = await search(`displayName eq ${quoted(group)}`);
  if ('finding' in named) return named.finding;
  const [found] = named.value.Resources;
  if (found === undefined) return fail('groupMissing', { group });
  const member = await search(`id eq ${quoted(found.id)} and members eq ${quoted(id)}`);
  if ('finding' in member) return member.finding;
  const evidence = { group, person: userName };
  return member.value.Resources.length > 0 ? pass(evidence) : fail('notInGroup', evidence);
}
