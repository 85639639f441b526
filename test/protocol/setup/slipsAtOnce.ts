import type { CheckId } from '../../../src/setup/checks/index.ts';
import { checksOf } from '../../../src/setup/checks/index.ts';
import { valuesOf } from '../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import type { ChainOptions } from '../../sandbox/chain.ts';
import { leavesOf } from './leaves.ts';
import { inputsFor, type openSetupWorld } from './setupWorld.ts';
import type { RunChanges } from './setupWorld.ts';
import type { Slip, SlippedWorld } from './slip.ts';

/** The places that a slip changes: two slips that share one would hide each other, and are not combined. */
export type Touched = ReadonlySet<string>;

/** Applies each slip to a correct setup, records what it changes, and reverts it. */
export async function touchedBy(
  guide: SetupGuideId,
  slips: readonly Slip[],
  world: SlippedWorld,
): Promise<ReadonlyMap<Slip, Touched>> {
  const given = await inputsFor(world.chain, guide);
  const all = new Map<Slip, Touched>();
  for (const slip of slips) {
    const { check, options, registered, changes } = slip;
    const touched = new Set<string>([`check ${check}`]);
    for (const [part, values] of Object.entries(options ?? {}))
      for (const name of Object.keys(values as object)) touched.add(`option ${part}.${name}`);
    if (registered !== undefined) touched.add('registered');
    if (changes?.ports !== undefined) touched.add('needs testSignIn');
    for (const name of ['http', 'ports', 'person'] as const)
      if (changes?.[name] !== undefined) touched.add(name);
    for (const id of slip.hides ?? []) touched.add(`check ${id}`);
    const before = leavesOf(await seenOf(world));
    const back = await slip.make?.(world);
    for (const path of differences(before, leavesOf(await seenOf(world)))) touched.add(path);
    const typed = changes?.inputs?.(given) ?? given;
    await back?.();
    for (const path of differences(leavesOf(given), leavesOf(typed))) {
      touched.add(`typed ${path}`);
      // Who is looked up and how: a slip here would affect other checks' users, or prevent requests.
      if (path === 'userName' || path === 'groupName') touched.add(`needs ${path}`);
      // A connection that uses any port needs none of these.
      if (path === 'oidcClient.redirectUri') touched.add('check oidc.loopbackPorts');
      if (path === 'oktaApiToken') touched.add('needs oktaApi');
      if (path === 'awsProfile' || path === 'samlResponse') touched.add(`needs ${path}`);
    }
    all.set(slip, touched);
  }
  return all;
}

/** Draws slips of different checks that can be combined, with a seed. */
export function drawSlips(
  guide: SetupGuideId,
  touched: ReadonlyMap<Slip, Touched>,
  count: number,
  seed: number,
): readonly Slip[] {
  const random = randomOf(seed);
  const order = [...touched.keys()]
    .map((slip) => ({ slip, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ slip }) => slip);
  const needs = new Map(checksOf[guide].map((check) => [check.id, check.needs]));
  const taken = new Set<string>();
  const needed = new Set<string>();
  const drawn: Slip[] = [];
  for (const slip of order) {
    const own = touched.get(slip) ?? new Set();
    const ownNeeds = (needs.get(slip.check) ?? []).map((name) => `needs ${name}`);
    const isFree =
      [...own].every((one) => !taken.has(one) && !needed.has(one)) &&
      ownNeeds.every((one) => !taken.has(one));
    if (!isFree || drawn.length === count) continue;
    drawn.push(slip);
    for (const one of own) taken.add(one);
    for (const one of ownNeeds) needed.add(one);
  }
  return drawn;
}

/** The combined settings and typed values of these administrators. */
export function changesOf(slips: readonly Slip[]): RunChanges {
  const all = slips.flatMap(({ changes }) => changes ?? []);
  const person = all.find((one) => one.person !== undefined)?.person;
  return {
    inputs: (inputs) =>
      all.reduce((typed, one) => merged(typed, inputs, one.inputs?.(inputs) ?? inputs), inputs),
    http: (http) => all.reduce((asked, one) => one.http?.(asked) ?? asked, http),
    ports: (ports) => all.reduce((had, one) => one.ports?.(had) ?? had, ports),
    ...(person === undefined ? {} : { person }),
  };
}

/** The sandbox settings with all of these slips, and the registered redirect URIs. */
export function leftBy(slips: readonly Slip[]): Parameters<typeof openSetupWorld> {
  const options = slips.reduce<ChainOptions>(
    (all, { options: own }) => ({
      ...all,
      ...own,
      okta: { ...all.okta, ...own?.okta },
      openIdConnect: { ...all.openIdConnect, ...own?.openIdConnect },
    }),
    {},
  );
  return [options, slips.find(({ registered }) => registered !== undefined)?.registered];
}

/** The result of a slip among others: `passed` is wrong. */
export type Outcome = 'found' | 'masked' | 'passed';

/**
 * Judges a slip by its check's result. Another reason counts as well if the check has several and one comes
 * first: the user would look at the same place.
 */
export function outcomeOf(
  { check, state = 'fail', reason }: Slip,
  results: ReadonlyMap<CheckId, CheckResult>,
): Outcome {
  const result = results.get(check);
  if (result?.state === 'fail' || (result?.state === state && result.reason === reason)) return 'found';
  return result?.state === 'inconclusive' ? 'masked' : 'passed';
}

/** The checks that an inconclusive check names as its cause, by title or in its text. */
export function causesOf(id: CheckId, results: ReadonlyMap<CheckId, CheckResult>): readonly CheckId[] {
  const { reason = '', state, evidence } = results.get(id) ?? {};
  if (state !== 'inconclusive') return [id];
  if (reason === 'blocked')
    return valuesOf({ evidence: evidence ?? [] }, 'blockedBy').flatMap((one) =>
      causesOf(one as CheckId, results),
    );
  return [id, ...(namedBy[reason] ?? [])];
}

/** The checks that a reason's text refers to. */
const namedBy: Readonly<Record<string, readonly CheckId[]>> = {
  addressesNotSeen: ['oidc.metadata'],
  demandsNotSeen: ['oidc.redirectUris'],
  // "The saved metadata", "the issuer and the client ID", "the domain".
  oktaHostNotInMetadata: ['saml.metadata', 'saml.signOn', 'saml.application'],
  notInOkta: ['okta.metadata', 'okta.clientId'],
  kiroNotAsked: ['domain.txt'],
  regionNotCompared: ['identityCenter.startUrl', 'identityCenter.deviceAuthorization'],
  directoryNotCompared: ['identityCenter.startUrl'],
  eventPending: ['identityCenter.signIn'],
  groupNotSeen: ['scim.groups', 'awsApi.group'],
  // A missing permission, a key, another account, and a changed format of Kiro's response affect several calls.
  awsNotPermitted: ['awsApi.instance'],
  awsKeyNotUsable: ['awsApi.person'],
  instanceNotSeen: ['awsApi.identitySource'],
  kiroChanged: ['kiro.profile', 'kiro.access'],
  // With the error of the sign-in: not assigned, or without a port.
  couldNotAsk: ['okta.assignments', 'okta.loopbackPorts'],
};

/** The typed values, with those changed by one more slip. */
function merged(typed: SetupInputs, right: SetupInputs, wrong: SetupInputs): SetupInputs {
  const entries = (Object.keys({ ...right, ...wrong }) as (keyof SetupInputs)[]).flatMap((name) => {
    const [from, to, now] = [right[name], wrong[name], typed[name]];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    if (typeof from !== 'object' || typeof to !== 'object' || typeof now !== 'object') return [[name, to]];
    const parts = Object.entries(to).filter(
      ([part, value]) => JSON.stringify(value) !== JSON.stringify(from[part as keyof typeof from]),
    );
    return [[name, { ...now, ...Object.fromEntries(parts) }]];
  });
  return { ...typed, ...(Object.fromEntries(entries) as SetupInputs) };
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}

/** All parts of a world that slips change in place. */
async function seenOf({ chain, aws, kiro, names }: SlippedWorld): Promise<object> {
  const { store, entitledGroups } = chain.federated;
  const { okta, openIdConnect } = chain.describe();
  const metadata = [okta.metadataUri, openIdConnect?.metadataUri ?? ''];
  // This would consume a fault rule.
  const isQuiet = chain.faults.list().length === 0;
  const documentAt = async (address: string): Promise<unknown> => (await fetch(address)).json();
  return {
    metadata: isQuiet ? await Promise.all(metadata.map(documentAt)) : [],
    okta: chain.okta.management.resources,
    aws: aws.resources,
    kiro: kiro.resources,
    dns: { records: Object.fromEntries(names.records), zones: [...names.zones] },
    faults: Object.fromEntries(chain.faults.list().map(({ at }) => [at, true])),
    directory: { users: store.users(), groups: store.groups(), entitled: [...entitledGroups] },
    saml: chain.samlApplication.metadata(),
  };
}

/** Reproducible pseudo-random numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
