import { connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { defined } from '../core/defined.ts';
import type { OrganizationPolicy } from './organizationPolicy.ts';

/**
 * Merges several policy files: the result allows only what each file allows, so no file lifts another's
 * restriction. Connections keep the order of the files; the first of duplicates wins.
 */
export function mergePolicies(policies: readonly OrganizationPolicy[]): OrganizationPolicy {
  const [first = {}, ...others] = policies;
  return others.reduce(mergeTwo, first);
}

function mergeTwo(one: OrganizationPolicy, other: OrganizationPolicy): OrganizationPolicy {
  return defined({
    allowedIssuers: both(one.allowedIssuers, other.allowedIssuers),
    allowedStartUrls: both(one.allowedStartUrls, other.allowedStartUrls),
    allowedEndpoints: both(endpointsOf(one), endpointsOf(other)),
    allowedFlows: both(one.allowedFlows, other.allowedFlows),
    allowCliCache: unlessDenied(one.allowCliCache, other.allowCliCache),
    allowTerminal: unlessDenied(one.allowTerminal, other.allowTerminal),
    connections: distinct(one.connections, other.connections),
    offerSignIn: unlessDenied(one.offerSignIn, other.offerSignIn),
  });
}

/** The intersection of two lists; an absent list restricts nothing. */
function both<T>(one?: readonly T[], other?: readonly T[]): readonly T[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.filter((value) => other.includes(value));
}

/** The endpoints that a file allows; none if it restricts start URLs without naming endpoints (`templatesUnder`). */
function endpointsOf({ allowedEndpoints, allowedStartUrls }: OrganizationPolicy) {
  return allowedEndpoints ?? (allowedStartUrls === undefined ? undefined : []);
}

function unlessDenied(one?: boolean, other?: boolean): boolean | undefined {
  return one === false || other === false ? false : (one ?? other);
}

function distinct(
  one: readonly Connection[] = [],
  other: readonly Connection[] = [],
): readonly Connection[] | undefined {
  const keys = new Set(one.map(connectionKey));
  const all = [...one, ...other.filter((connection) => !keys.has(connectionKey(connection)))];
  return all.length === 0 ? undefined : all;
}
