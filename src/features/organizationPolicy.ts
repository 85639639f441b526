import * as v from 'valibot';
import { addressOf, connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import type { FlowName } from '../core/oauth/flows.ts';
import { readEntry } from './connectionEntries.ts';
import { duplicateName } from './duplicateName.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { fromTemplate } from '../core/identityCenter/endpoints.ts';
import type { EndpointTemplates } from '../core/identityCenter/endpoints.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { parseIssuer } from '../input/issuer.ts';
import type { SignInPolicy } from '../core/session/signInPolicy.ts';
import { plainLine, safeText } from '../core/text/safeText.ts';

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

/** As an entry of the setting `developerSignIn.connections`. */
const providedConnection = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Connection>(({ dataset, addIssue, NEVER }) => {
    const reading = readEntry(dataset.value);
    if ('connection' in reading) return reading.connection;
    addIssue({ message: reading.where });
    return NEVER;
  }),
);

/** The shape of a policy file. Addresses may be written in every form that is understood where a person types one. */
const policySchema = v.object({
  allowedIssuers: v.exactOptional(v.array(address(parseIssuer))),
  allowedStartUrls: v.exactOptional(v.array(address((text) => parseStartUrl(text).url))),
  allowedEndpoints: v.exactOptional(v.array(address(parseEndpoint))),
  allowedFlows: v.exactOptional(v.array(v.picklist(['deviceCode', 'authorizationCode']))),
  allowCliCache: v.exactOptional(v.boolean()),
  allowTerminal: v.exactOptional(v.boolean()),
  connections: v.exactOptional(v.array(providedConnection)),
  offerSignIn: v.exactOptional(v.boolean()),
});

/** The names of all rules, as they stand in a policy file. */
export const ruleNames = Object.keys(policySchema.entries);

/** What a `loginHint` of a policy file may name: the person's login on this machine, and its environment. */
export interface PolicyVariables {
  readonly user?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the text of a policy file says. */
export function parsePolicy(
  text: string,
  variables: PolicyVariables = { env: {} },
): { readonly policy: OrganizationPolicy; readonly unknownRules: readonly string[] } | PolicyProblem {
  let json: unknown;
  const withoutMark = text.replace(/^\uFEFF/, '');
  try {
    json = JSON.parse(withoutMark);
  } catch (error) {
    return { kind: 'notJson', detail: safeText(error instanceof Error ? error.message : '') ?? '' };
  }
  if (Array.isArray(json)) return { kind: 'wrongValue', where: '' };
  const twice = duplicateName(withoutMark);
  if (twice !== undefined) return { kind: 'duplicate', name: shownName(twice) };
  const parsed = v.safeParse(policySchema, withVariables(json, variables));
  if (!parsed.success) return { kind: 'wrongValue', where: v.getDotPath(parsed.issues[0]) ?? '' };
  const names = Object.keys(json as object).filter((name) => name !== '$schema');
  const unknownRules = names.filter((name) => !ruleNames.includes(name));
  for (const name of unknownRules) {
    const rule = ruleNames.find((known) => isNearly(name, known));
    if (rule !== undefined) return { kind: 'nearRule', name: shownName(name), rule };
  }
  return { policy: parsed.output, unknownRules: unknownRules.map(shownName) };
}

/**
 * The `loginHint` of each connection with `${user}` and `${env:NAME}` filled in. One that names what is not there is left
 * out: a sign-in works without.
 */
function withVariables(json: unknown, { user, env }: PolicyVariables): unknown {
  if (typeof json !== 'object' || json === null || !('connections' in json)) return json;
  const { connections } = json;
  if (!Array.isArray(connections)) return json;
  const filled = connections.map((entry: unknown): unknown => {
    if (typeof entry !== 'object' || entry === null || !('loginHint' in entry)) return entry;
    const { loginHint, ...rest } = entry;
    if (typeof loginHint !== 'string') return entry;
    const missing: string[] = [];
    const hint = loginHint.replace(/\$\{(?:user|env:(\w{1,100}))\}/g, (_, name?: string) => {
      const value = name === undefined ? user : env[name];
      if (value === undefined || value === '') missing.push(name ?? 'user');
      return value ?? '';
    });
    return missing.length === 0 ? { ...rest, loginHint: hint } : rest;
  });
  return { ...json, connections: filled };
}

/** Whether the organization provides this connection. */
export function isProvided({ connections = [] }: OrganizationPolicy, connection: Connection): boolean {
  const key = connectionKey(connection);
  return connections.some((provided) => connectionKey(provided) === key);
}

/** The connections that the organization provides, then the person's own; each once. */
export function withProvided(policy: OrganizationPolicy, own: readonly Connection[]): readonly Connection[] {
  return [...(policy.connections ?? []), ...own.filter((connection) => !isProvided(policy, connection))];
}

function shownName(name: string): string {
  return plainLine(name).slice(0, 40);
}

/** The same but for case and what separates words, or with at most two letters changed, left out or too many. */
function isNearly(name: string, rule: string): boolean {
  if (name.length > rule.length + 10) return false;
  const [one, other] = [name, rule].map((text) => text.toLowerCase().replace(/[\s_.-]/g, ''));
  return editDistance(one ?? '', other ?? '') <= 2;
}

/** Levenshtein's. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** Whether sign-ins to this connection are allowed; which flow is another question. */
export function isAllowed(policy: OrganizationPolicy, to: Connection): boolean {
  const { allowedIssuers, allowedStartUrls } = policy;
  const { member, address } = addressOf(to);
  return (member === 'issuer' ? allowedIssuers : allowedStartUrls)?.includes(address) ?? true;
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

function isReadable(parse: (text: string) => string, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
