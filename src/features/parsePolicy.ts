import * as v from 'valibot';
import type { Connection } from '../core/connection/connection.ts';
import { fieldsOf } from '../core/connection/connectionFields.ts';
import { fromTemplate } from '../core/identityCenter/endpoints.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { plainLine, safeText } from '../core/text/safeText.ts';
import { parseIssuer } from '../input/issuer.ts';
import { cleanTemplate } from '../input/pastedText.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { readEntry } from './connectionEntries.ts';
import { duplicateName } from './duplicateName.ts';
import type { OrganizationPolicy, PolicyProblem } from './organizationPolicy.ts';

/** Validates an endpoint as in a setting; `{region}` is substituted before comparison. */
function parseEndpoint(text: string): string {
  const template = cleanTemplate(text);
  if (fromTemplate(template, 'us-east-1') === undefined)
    throw new SignInError('invalidInput', { operation: 'endpoint' });
  return template;
}

const address = (parse: (text: string) => string) =>
  v.pipe(
    v.string(),
    v.check((text) => isReadable(parse, text)),
    v.transform(parse),
  );

/** A connection, in the form of the setting `developerSignIn.connections`. */
const providedConnection = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Connection>(({ dataset, addIssue, NEVER }) => {
    const reading = readEntry(dataset.value);
    if ('connection' in reading) return reading.connection;
    addIssue({ message: reading.where });
    return NEVER;
  }),
);

/** The schema of a policy file. Addresses are accepted in every form that users may type. */
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

/** The names of all rules in a policy file. */
export const ruleNames = Object.keys(policySchema.entries);

/** Variables that `loginHint` in a policy file may use: the user's login and the environment. */
export interface PolicyVariables {
  readonly user?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Parses a policy file. */
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
    const rule = ruleNames.find((known) => isSimilar(name, known));
    if (rule !== undefined) return { kind: 'nearRule', name: shownName(name), rule };
  }
  const unknown = [...unknownRules, ...unknownMembers(json as object)];
  return { policy: parsed.output, unknownRules: unknown.map(shownName) };
}

/** Members of valid `connections` that no connection of their type has, such as `scope`, by their paths. */
function unknownMembers({
  connections = [],
}: {
  readonly connections?: readonly object[];
}): readonly string[] {
  return connections.flatMap((entry, index) => {
    const { type } = entry as Connection;
    const known = new Set(['type', ...fieldsOf(type).map(({ name }) => name)]);
    const names = Object.keys(entry).filter((name) => !known.has(name));
    return names.map((name) => `connections.${index}.${name}`);
  });
}

/**
 * The connections with `${user}` and `${env:NAME}` substituted in `loginHint`. Drops a hint with an unset
 * variable: it is optional.
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

function shownName(name: string): string {
  return plainLine(name).slice(0, 40);
}

/** Whether a name differs from a rule's only in case, separators, or up to two letters. */
function isSimilar(name: string, rule: string): boolean {
  if (name.length > rule.length + 10) return false;
  const [one, other] = [name, rule].map((text) => text.toLowerCase().replace(/[\s_.-]/g, ''));
  return editDistance(one ?? '', other ?? '') <= 2;
}

/** The Levenshtein distance of two texts. */
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

function isReadable(parse: (text: string) => string, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
