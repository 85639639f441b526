import { addressOf, connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import type { FlowName } from '../core/oauth/flows.ts';
import { SignInError } from '../core/oauth/errors.ts';
import type { EndpointTemplates } from '../core/identityCenter/endpoints.ts';
import type { SignInPolicy } from '../core/session/signInPolicy.ts';

/**
 * An organization's policy on a machine. An absent rule restricts nothing; an empty list allows nothing of its
 * kind. Rules apply when a sign-in starts: an existing session ends for its four reasons only
 * (docs/ARCHITECTURE.md, rule 1).
 */
export interface OrganizationPolicy {
  /** In normal form; compared as a whole. */
  readonly allowedIssuers?: readonly string[];
  /** In normal form; compared as a whole. */
  readonly allowedStartUrls?: readonly string[];
  /** Identity Center endpoints that settings and environment variables may name; may contain `{region}`. */
  readonly allowedEndpoints?: readonly string[];
  readonly allowedFlows?: readonly FlowName[];
  /** Whether sessions may be shared with the AWS CLI's cache at the user's request. */
  readonly allowCliCache?: boolean;
  /** Whether programs in the editor's terminals may get a token, if the user allows it. */
  readonly allowTerminal?: boolean;
  /** Connections offered before the user's own, in normal form; users cannot change them. */
  readonly connections?: readonly Connection[];
  /** Whether to ask users, once, to sign in to these connections. */
  readonly offerSignIn?: boolean;
}

/** One of an organization's policy files. */
export interface PolicyFile {
  readonly file: string;
  /** Its rules in force; if it is broken, those that were in force before in this window. */
  readonly policy: OrganizationPolicy;
  /** The reason why it is broken. */
  readonly problem?: PolicyProblem;
  /** Unknown rule names in the file: of a later version, or misspelled. The other rules apply. */
  readonly unknownRules: readonly string[];
}

/** The rules in force and their files. */
export interface OrganizationRules {
  /** The path of the policy file, whether it exists or not. */
  readonly file: string;
  /** `none`: no file exists. `broken`: a file cannot be applied; its rules from before in this window stay in force. */
  readonly state: 'none' | 'inForce' | 'broken';
  /** Whether sign-ins require rules: the administrator placed a file `policy.required`. */
  readonly isRequired?: boolean;
  /** Another path that the environment claims, without effect; a user may have set it. */
  readonly environment?: string;
  /** The rules of all files, merged (`src/features/mergePolicies.ts`). */
  readonly policy: OrganizationPolicy;
  /** In merge order. */
  readonly files: readonly PolicyFile[];
}

/** A policy file, or the folder of policy files, that cannot be applied. */
export type FaultyFile = PolicyFile & { readonly problem: PolicyProblem };

/** The files that cannot be applied. */
export function faultsOf({ files }: Pick<OrganizationRules, 'files'>): readonly FaultyFile[] {
  return files.filter((one): one is FaultyFile => one.problem !== undefined);
}

/** The reason why a policy file cannot be applied. */
export type PolicyProblem =
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'tooLarge' }
  /** The folder has more files than any organization has teams. */
  | { readonly kind: 'tooManyFiles' }
  /** A user other than the administrator owns `path` or can write to it, so it cannot be trusted as policy. */
  | { readonly kind: 'notAdministrators'; readonly path: string }
  | { readonly kind: 'notJson'; readonly detail: string }
  /** Its access could not be checked; `code` of the failure. */
  | { readonly kind: 'notChecked'; readonly code: string }
  /** It is required, but missing. */
  | { readonly kind: 'missing' }
  /** A misspelled rule name, so the intended rule is not in force. */
  | { readonly kind: 'nearRule'; readonly name: string; readonly rule: string }
  /** A duplicate name: parsers differ in which one counts. */
  | { readonly kind: 'duplicate'; readonly name: string }
  /** `where` is a path such as `allowedIssuers.0`; empty for the whole file. */
  | { readonly kind: 'wrongValue'; readonly where: string };

/** Whether the organization provides this connection. */
export function isProvided({ connections = [] }: OrganizationPolicy, connection: Connection): boolean {
  const key = connectionKey(connection);
  return connections.some((provided) => connectionKey(provided) === key);
}

/** The organization's connections, then the user's own, without duplicates. */
export function withProvided(policy: OrganizationPolicy, own: readonly Connection[]): readonly Connection[] {
  return [...(policy.connections ?? []), ...own.filter((connection) => !isProvided(policy, connection))];
}

/** Whether sign-ins to this connection are allowed, regardless of the flow. */
export function isAllowed(policy: OrganizationPolicy, to: Connection): boolean {
  const { member, address } = addressOf(to);
  const { allowedIssuers: issuer, allowedStartUrls: startUrl } = policy;
  const allowed = { issuer, startUrl }[member];
  return allowed?.includes(address) ?? true;
}

/**
 * Checks that sign-ins to this connection are allowed.
 * @throws SignInError `blockedByOrganization` with `reason` `issuer`, `startUrl`, `policyMissing` or
 * `policyBroken`
 */
export function checkAllowed(rules: OrganizationRules, connection: Connection): void {
  checkRules(rules, 'signIn');
  if (isAllowed(rules.policy, connection)) return;
  const file = fileThat(rules, (policy) => !isAllowed(policy, connection));
  const { member: reason, address: input } = addressOf(connection);
  throw new SignInError('blockedByOrganization', { operation: 'signIn', file, reason, input });
}

/**
 * The endpoint settings that the organization allows. A rule about start URLs restricts endpoints too: a server
 * named in a setting could otherwise sign in anything under an allowed start URL.
 */
export function templatesUnder(
  { policy }: OrganizationRules,
  templates: EndpointTemplates,
): EndpointTemplates {
  const allowed = policy.allowedEndpoints ?? (policy.allowedStartUrls === undefined ? undefined : []);
  return allowed === undefined ? templates : { ...templates, allowed };
}

/**
 * The allowed flows among `flows`, in the same order.
 * @throws SignInError `blockedByOrganization` with `reason` `flow` if none of these flows is allowed
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

/** The rules as a sign-in policy for the core. */
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

/** Whether sessions may be shared with the AWS CLI's cache. */
export function canShareWithCli(rules: OrganizationRules): boolean {
  return !areRulesLacking(rules) && (rules.policy.allowCliCache ?? true);
}

/**
 * Checks that sessions may be shared with the AWS CLI's cache.
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

/** Whether programs in the editor's terminals may get tokens. */
export function canUseInTerminal(rules: OrganizationRules): boolean {
  return !areRulesLacking(rules) && (rules.policy.allowTerminal ?? true);
}

/**
 * Checks that programs in the editor's terminals may get tokens.
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

/** Whether the organization requires rules, but none can be applied. */
export function areRulesLacking({ isRequired = false, state }: OrganizationRules): boolean {
  return isRequired && state !== 'inForce';
}

function checkRules(rules: OrganizationRules, operation: string): void {
  if (!areRulesLacking(rules)) return;
  const [fault] = faultsOf(rules);
  const reason = fault?.problem.kind === 'missing' ? 'policyMissing' : 'policyBroken';
  throw new SignInError('blockedByOrganization', { operation, reason, file: fault?.file ?? rules.file });
}

/** The first file with a matching restriction, to name in the error. */
function fileThat(
  { file, files }: OrganizationRules,
  narrows: (policy: OrganizationPolicy) => boolean,
): string {
  return files.find(({ policy }) => narrows(policy))?.file ?? file;
}
