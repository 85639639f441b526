import * as v from 'valibot';
import type { Connection, FlowName } from './connection.ts';
import { SignInError } from './errors.ts';
import { fromTemplate } from './identityCenter/endpoints.ts';
import type { EndpointTemplates } from './identityCenter/endpoints.ts';
import { parseStartUrl } from './identityCenter/startUrl.ts';
import { parseIssuer } from './okta/issuer.ts';
import type { Person } from './ports.ts';
import { plainLine, safeText } from './safeText.ts';

/**
 * What an organisation allows on a machine. A rule that is absent narrows nothing; an empty list allows nothing of
 * its kind. Rules hold where a sign-in starts: a session that exists ends for its four reasons only (DESIGN.md).
 */
export interface OrganisationPolicy {
  /** In their normal form; compared whole. */
  readonly allowedIssuers?: readonly string[];
  /** In their normal form; compared whole. */
  readonly allowedStartUrls?: readonly string[];
  /** Endpoints of Identity Center that the settings and variables of a machine may name; may contain `{region}`. */
  readonly allowedEndpoints?: readonly string[];
  readonly allowedFlows?: readonly FlowName[];
  /** Whether a session may be written to the AWS CLI's cache, when its person asks for it. */
  readonly allowCliCache?: boolean;
}

/** The rules in force, and what is to be said of their file. */
export interface OrganisationRules {
  /** The path of the policy file, whether there is one or not. */
  readonly file: string;
  /** `none`: no file, no rules. `broken`: what was in force before in this window stays, and nothing new comes. */
  readonly state: 'none' | 'inForce' | 'broken';
  readonly policy: OrganisationPolicy;
  /** Why the file is broken. */
  readonly problem?: PolicyProblem;
  /** Names in the file that are no rules here: of a later version, or mistyped. The others hold. */
  readonly unknownRules: readonly string[];
}

/** Why a policy file is not obeyed. */
export type PolicyProblem =
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'tooLarge' }
  /** Somebody other than the administrator owns or can write `path`: what anybody can write is nobody's rule. */
  | { readonly kind: 'notAdministrators'; readonly path: string }
  | { readonly kind: 'notJson'; readonly detail: string }
  /** `where` is a path such as `allowedIssuers.0`; empty for the whole. */
  | { readonly kind: 'wrongValue'; readonly where: string };

/** An endpoint as it may stand in a setting; it is compared with `{region}` put in. */
function parseEndpoint(text: string): string {
  if (fromTemplate(text, 'us-east-1') === undefined)
    throw new SignInError('invalidInput', { operation: 'endpoint' });
  return text.trim();
}

const address = (parse: (text: string) => string) =>
  v.pipe(
    v.string(),
    v.check((text) => isReadable(parse, text)),
    v.transform(parse),
  );

/** The shape of a policy file. Addresses may be written in every form that is understood where a person types one. */
const policySchema = v.object({
  allowedIssuers: v.exactOptional(v.array(address(parseIssuer))),
  allowedStartUrls: v.exactOptional(v.array(address((text) => parseStartUrl(text).url))),
  allowedEndpoints: v.exactOptional(v.array(address(parseEndpoint))),
  allowedFlows: v.exactOptional(v.array(v.picklist(['deviceCode', 'authorizationCode']))),
  allowCliCache: v.exactOptional(v.boolean()),
});

/** The names of all rules, as they stand in a policy file. */
export const ruleNames = Object.keys(policySchema.entries);

/** What the text of a policy file says. */
export function parsePolicy(
  text: string,
): { readonly policy: OrganisationPolicy; readonly unknownRules: readonly string[] } | PolicyProblem {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { kind: 'notJson', detail: safeText(error instanceof Error ? error.message : '') ?? '' };
  }
  if (Array.isArray(json)) return { kind: 'wrongValue', where: '' };
  const parsed = v.safeParse(policySchema, json);
  if (!parsed.success) return { kind: 'wrongValue', where: v.getDotPath(parsed.issues[0]) ?? '' };
  const names = Object.keys(json as object).filter((name) => name !== '$schema');
  const unknownRules = names.filter((name) => !ruleNames.includes(name));
  return { policy: parsed.output, unknownRules: unknownRules.map((name) => plainLine(name).slice(0, 40)) };
}

/** Whether sign-ins to this connection are allowed; which flow is another question. */
export function isAllowed({ allowedIssuers, allowedStartUrls }: OrganisationPolicy, to: Connection): boolean {
  return to.type === 'okta'
    ? (allowedIssuers?.includes(to.issuer) ?? true)
    : (allowedStartUrls?.includes(to.startUrl) ?? true);
}

/**
 * Passes where a sign-in to this connection is allowed.
 * @throws SignInError `blockedByOrganization` with `reason` `issuer` or `startUrl`
 */
export function checkAllowed({ file, policy }: OrganisationRules, connection: Connection): void {
  if (isAllowed(policy, connection)) return;
  throw new SignInError('blockedByOrganization', {
    operation: 'signIn',
    file,
    ...(connection.type === 'okta'
      ? { reason: 'issuer', input: connection.issuer }
      : { reason: 'startUrl', input: connection.startUrl }),
  });
}

/**
 * The endpoint settings of a machine as far as the organization allows them. A rule about start URLs binds the
 * endpoints too: a server that a setting names could sign in anything under an allowed start URL.
 */
export function templatesUnder(
  { policy }: OrganisationRules,
  templates: EndpointTemplates,
): EndpointTemplates {
  const allowed = policy.allowedEndpoints ?? (policy.allowedStartUrls === undefined ? undefined : []);
  return allowed === undefined ? templates : { ...templates, allowed };
}

/**
 * Of the flows that work, those that are allowed, in the same order.
 * @throws SignInError `blockedByOrganization` with `reason` `flow` when there are some and none is allowed
 */
export function allowedFlows(
  { file, policy }: OrganisationRules,
  flows: readonly FlowName[],
): readonly FlowName[] {
  const allowed = flows.filter((flow) => policy.allowedFlows?.includes(flow) ?? true);
  if (allowed.length > 0 || flows.length === 0) return allowed;
  throw new SignInError('blockedByOrganization', {
    operation: 'signIn',
    reason: 'flow',
    file,
    input: flows.join(' '),
  });
}

/** A person to whom only these flows are offered while the browser has the turn; the next port always is. */
export function offering(person: Person, flows: readonly FlowName[]): Person {
  return {
    takeTurn: (turn, signal) => {
      const ways = turn.ways.filter((way) => way === 'nextPort' || flows.includes(way));
      return person.takeTurn({ ...turn, ways }, signal);
    },
    wantsAnother: async (signal) => (await person.wantsAnother?.(signal)) ?? false,
    trustsIssuer: async (question, signal) => (await person.trustsIssuer?.(question, signal)) ?? false,
  };
}

/** Whether a session may be written to the AWS CLI's cache. */
export function mayWriteCliCache({ policy }: OrganisationRules): boolean {
  return policy.allowCliCache ?? true;
}

/**
 * Passes where a session may be written to the AWS CLI's cache.
 * @throws SignInError `blockedByOrganization` with `reason` `cliCache`
 */
export function checkCliCache(rules: OrganisationRules): void {
  if (mayWriteCliCache(rules)) return;
  throw new SignInError('blockedByOrganization', {
    operation: 'cliCache',
    reason: 'cliCache',
    file: rules.file,
  });
}

function isReadable(parse: (text: string) => string, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
