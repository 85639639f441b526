import { addressOf, connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import type { FlowName } from '../core/oauth/flows.ts';
import { SignInError } from '../core/oauth/errors.ts';
import type { EndpointTemplates } from '../core/identityCenter/endpoints.ts';
import type { SignInPolicy } from '../core/session/signInPolicy.ts';

/**
 * What an organization allows on a machine. A rule that is absent narrows nothing; an empty list allows nothing of
 * its kind. Rules hold where a sign-in starts: a session that exists ends for its four reasons only (docs/ARCHITECTURE.md, rule 1).
 */
export interface OrganizationPolicy {
  /** In their normal form; compared whole. */
  readonly allowedIssuers?: readonly string[];
  /** In their normal form; compared whole. */
  readonly allowedStartUrls?: readonly string[];
  /** Endpoints of Identity Center that the settings and variables of a machine may name; may contain `{region}`. */
  readonly allowedEndpoints?: readonly string[];
  readonly allowedFlows?: readonly FlowName[];
  /** Whether a session may be written to the AWS CLI's cache, when its person asks for it. */
  readonly allowCliCache?: boolean;
  /** Whether programs of the editor's terminals may have a token, when its person allows it. */
  readonly allowTerminal?: boolean;
  /** What people are offered before their own connections, in their normal form; they cannot change them. */
  readonly connections?: readonly Connection[];
  /** Whether people are asked, once, to sign in to these connections. */
  readonly offerSignIn?: boolean;
}

/** One of an organization's policy files. */
export interface PolicyFile {
  readonly file: string;
  /** What of it is in force; with a problem, what was before in this window. */
  readonly policy: OrganizationPolicy;
  /** Why it is broken. */
  readonly problem?: PolicyProblem;
  /** Names in the file that are unknown rules here: of a later version, or mistyped. The others hold. */
  readonly unknownRules: readonly string[];
}

/** The rules in force, and the files in which they stand. */
export interface OrganizationRules {
  /** The path of the policy file, whether there is one or not. */
  readonly file: string;
  /** `none`: no file, no rules. `broken`: a file of them is; what of it was in force before in this window stays, and nothing new comes. */
  readonly state: 'none' | 'inForce' | 'broken';
  /** Whether the organization wants no sign-in without its rules: a file `policy.required` of the administrator says so. */
  readonly isRequired?: boolean;
  /** Where the environment says that the file is, if it says another place: a person may have moved it, to no effect. */
  readonly environment?: string;
  /** Of all files together (`src/features/mergePolicies.ts`). */
  readonly policy: OrganizationPolicy;
  /** In the order in which they are merged. */
  readonly files: readonly PolicyFile[];
}

/** A file of the policy, or the folder of such files, that is not obeyed. */
export type FaultyFile = PolicyFile & { readonly problem: PolicyProblem };

/** The files that are not obeyed. */
export function faultsOf({ files }: Pick<OrganizationRules, 'files'>): readonly FaultyFile[] {
  return files.filter((one): one is FaultyFile => one.problem !== undefined);
}

/** Why a policy file is not obeyed. */
export type PolicyProblem =
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'tooLarge' }
  /** The folder holds more files than an organization has teams. */
  | { readonly kind: 'tooManyFiles' }
  /** A user other than the administrator owns or can write `path`: what others can write is not an administrator's rule. */
  | { readonly kind: 'notAdministrators'; readonly path: string }
  | { readonly kind: 'notJson'; readonly detail: string }
  /** Who can change it cannot be told, with the code of what failed. */
  | { readonly kind: 'notChecked'; readonly code: string }
  /** It is missing, and should be there. */
  | { readonly kind: 'missing' }
  /** A name that is nearly a rule's: what was meant is not in force. */
  | { readonly kind: 'nearRule'; readonly name: string; readonly rule: string }
  /** A name that stands twice: readers differ in which counts. */
  | { readonly kind: 'duplicate'; readonly name: string }
  /** `where` is a path such as `allowedIssuers.0`; empty for the whole. */
  | { readonly kind: 'wrongValue'; readonly where: string };

/** Whether the organization provides this connection. */
export function isProvided({ connections = [] }: OrganizationPolicy, connection: Connection): boolean {
  const key = connectionKey(connection);
  return connections.some((provided) => connectionKey(provided) === key);
}

/** The connections that the organization provides, then the person's own; each once. */
export function withProvided(policy: OrganizationPolicy, own: readonly Connection[]): readonly Connection[] {
  return [...(policy.connections ?? []), ...own.filter((connection) => !isProvided(policy, connection))];
}

/** Whether sign-ins to this connection are allowed; which flow is another question. */
export function isAllowed(policy: OrganizationPolicy, to: Connection): boolean {
  const { member, address } = addressOf(to);
  const rules = new Map([
    ['issuer', policy.allowedIssuers],
    ['startUrl', policy.allowedStartUrls],
  ]);
  return rules.get(member)?.includes(address) ?? true;
}

/**
 * Passes where a sign-in to this connection is allowed.
 * @throws SignInError `blockedByOrganization` with `reason` `issuer`, `startUrl`, `policyMissing` or `policyBroken`
 */
export function checkAllowed(rules: OrganizationRules, connection: Connection): void {
  checkRules(rules, 'signIn');
  if (isAllowed(rules.policy, connection)) return;
  const file = fileThat(rules, (policy) => !isAllowed(policy, connection));
  const { member: reason, address: input } = addressOf(connection);
  throw new SignInError('blockedByOrganization', { operation: 'signIn', file, reason, input });
}

/**
 * The endpoint settings of a machine as far as the organization allows them. A rule about start URLs binds the
 * endpoints too: a server that a setting names could sign in anything under an allowed start URL.
 */
export function templatesUnder(
  { policy }: OrganizationRules,
  templates: EndpointTemplates,
): EndpointTemplates {
  const allowed = policy.allowedEndpoints ?? (policy.allowedStartUrls === undefined ? undefined : []);
  return allowed === undefined ? templates : { ...templates, allowed };
}

/**
 * Of the flows that work, those that are allowed, in the same order.
 * @throws SignInError `blockedByOrganization` with `reason` `flow` when there are some and none is allowed
 */
export function allowedFlows(rules: OrganizationRules, flows: readonly FlowName[]): readonly FlowName[] {
  const allowedBy = ({ allowedFlows: allowed }: OrganizationPolicy) =>
    flows.filter((flow) => allowed?.includes(flow) ?? true);
  const allowed = allowedBy(rules.policy);
  if (allowed.length > 0 || flows.length === 0) return allowed;
  const file = fileThat(rules, (policy) => allowedBy(policy).length < flows.length);
  throw new SignInError('blockedByOrganization', {
    operation: 'signIn',
    reason: 'flow',
    file,
    input: flows.join(' '),
  });
}

/** The rules as a sign-in asks for them. */
export function signInPolicy(rules: OrganizationRules): SignInPolicy {
  return {
    check: (connection) => {
      checkAllowed(rules, connection);
    },
    flows: (possible) => allowedFlows(rules, possible),
    endpoints: (templates) => templatesUnder(rules, templates),
    allowedIssuers: rules.policy.allowedIssuers,
  };
}

/** Whether a session may be written to the AWS CLI's cache. */
export function canShareWithCli(rules: OrganizationRules): boolean {
  return !areRulesLacking(rules) && (rules.policy.allowCliCache ?? true);
}

/**
 * Passes where a session may be written to the AWS CLI's cache.
 * @throws SignInError `blockedByOrganization` with `reason` `cliCache`
 */
export function checkCliCache(rules: OrganizationRules): void {
  checkRules(rules, 'cliCache');
  if (canShareWithCli(rules)) return;
  throw new SignInError('blockedByOrganization', {
    operation: 'cliCache',
    reason: 'cliCache',
    file: fileThat(rules, ({ allowCliCache }) => allowCliCache === false),
  });
}

/** Whether programs of the editor's terminals may have tokens. */
export function canUseInTerminal(rules: OrganizationRules): boolean {
  return !areRulesLacking(rules) && (rules.policy.allowTerminal ?? true);
}

/**
 * Passes where programs of the editor's terminals may have tokens.
 * @throws SignInError `blockedByOrganization` with `reason` `terminal`
 */
export function checkTerminal(rules: OrganizationRules): void {
  checkRules(rules, 'terminal');
  if (canUseInTerminal(rules)) return;
  throw new SignInError('blockedByOrganization', {
    operation: 'terminal',
    reason: 'terminal',
    file: fileThat(rules, ({ allowTerminal }) => allowTerminal === false),
  });
}

/** Whether the organization wants rules, and has none that could be applied. */
export function areRulesLacking({ isRequired = false, state }: OrganizationRules): boolean {
  return isRequired && state !== 'inForce';
}

function checkRules(rules: OrganizationRules, operation: string): void {
  if (!areRulesLacking(rules)) return;
  const [fault] = faultsOf(rules);
  const reason = fault?.problem.kind === 'missing' ? 'policyMissing' : 'policyBroken';
  throw new SignInError('blockedByOrganization', { operation, reason, file: fault?.file ?? rules.file });
}

/** The first file that narrows so: the one to ask about. */
function fileThat(
  { file, files }: OrganizationRules,
  narrows: (policy: OrganizationPolicy) => boolean,
): string {
  return files.find(({ policy }) => narrows(policy))?.file ?? file;
}
