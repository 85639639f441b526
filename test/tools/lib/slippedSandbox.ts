import { parseArgs } from 'node:util';
import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import type { SetupInputs } from '../../../src/setup/setupPorts.ts';
import { slipsOf } from '../../protocol/setup/allSlips.ts';
import { inputsFor } from '../../protocol/setup/setupWorld.ts';
import { changesOf, drawSlips, leftBy, touchedBy } from '../../protocol/setup/slipsAtOnce.ts';
import { type Chain, type ChainDescription, type ChainOptions, startChain } from '../../sandbox/chain.ts';
import { awsProfile, type Cloud, startCloud } from '../../sandbox/cloud.ts';
import { GUIDE_PORTS, GUIDE_SETTINGS } from '../../sandbox/okta/settings.ts';

/** The administrator's mistakes: a number of slips in a guide, drawn with a seed. */
export interface Draw {
  readonly count: number;
  readonly seed: number;
  readonly guide: SetupGuideId;
  /** Whether to list the slips. */
  readonly tells: boolean;
  /** Checks whose slips have been corrected: those slips are removed, the others stay. */
  readonly fixed: readonly string[];
}

/** A sandbox with these slips, and the values its administrator would type. */
export interface SlippedSandbox {
  readonly chain: Chain;
  readonly cloud: Cloud;
  readonly typed: SetupInputs;
  /** The list of slips, if requested. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

const guides = ['kiro', 'identityCenter', 'openIdConnect'] as const;

/**
 * Parses `--slips 10 --seed 3 --guide kiro --tell --fixed scim.token,okta.rule`; undefined without `--slips`.
 * Other options are left in place.
 * @throws {RangeError} for an invalid number or guide
 */
export function drawIn(args: readonly string[]): Draw | undefined {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      slips: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 100_000) },
      guide: { type: 'string', default: 'kiro' },
      tell: { type: 'boolean', default: false },
      fixed: { type: 'string', default: '' },
    },
  });
  if (values.slips === undefined) return undefined;
  const guide = guides.find((one) => one === values.guide);
  const [count, seed] = [Number(values.slips), Number(values.seed)];
  if (guide === undefined || !(count >= 1) || !Number.isInteger(seed))
    throw new RangeError(`--slips takes a number, with --seed and --guide ${guides.join(', ')}.`);
  const fixed = String(values.fixed)
    .split(',')
    .filter((id) => id !== '');
  return { count, seed, guide, tells: values.tell === true, fixed };
}

/** Reasons of text that an editor does not accept in its questions. */
const refusedWhileTyping: readonly string[] = ['notIssuer', 'notClientId', 'notStartUrl'];

/**
 * Draws only slips that can be found in an editor: none that it refuses while the user types, or that depend on the
 * user or on a modified response.
 */
export async function startSlippedSandbox(
  { count, seed, guide, tells, fixed }: Draw,
  options: ChainOptions = {},
): Promise<SlippedSandbox> {
  const possible = slipsOf[guide].filter(
    ({ changes, reason }) =>
      changes?.http === undefined &&
      changes?.ports === undefined &&
      changes?.person === undefined &&
      !refusedWhileTyping.includes(reason),
  );
  const right = await startWorld(options);
  const drawn = drawSlips(guide, await touchedBy(guide, possible, right.world), count, seed);
  const slips = drawn.filter(({ check }) => !fixed.includes(check));
  await right.close();

  const [left = {}, registered] = leftBy(slips);
  const uris = registered?.(GUIDE_SETTINGS.redirectUris);
  const { world, close } = await startWorld({
    ...options,
    ...left,
    okta: { ...options.okta, ...left.okta, ...(uris === undefined ? {} : { redirectUris: uris }) },
    openIdConnect: { ...options.openIdConnect, ...left.openIdConnect },
  });
  const back: (() => unknown)[] = [];
  for (const { make } of slips) if (make !== undefined) back.unshift(await make(world));
  // Users run checks repeatedly, so make each failure permanent.
  const rules = world.chain.faults.list();
  world.chain.faults.clear();
  world.chain.faults.add(...rules.map((rule) => ({ ...rule, times: Infinity })));
  const given = await inputsFor(world.chain, guide);
  const profile = given.awsProfile === undefined ? given : { ...given, awsProfile };
  const typed = changesOf(slips).inputs?.(profile) ?? profile;
  const described = describedAs(world.chain, typed);
  return {
    chain: { ...world.chain, describe: () => described },
    cloud: world.cloud,
    typed,
    lines: [
      ...fixed.map((id) => `  ${id}: ${drawn.some(({ check }) => check === id) ? 'corrected' : 'no slip'}`),
      `${slips.length} slips in the guide ${guide}, drawn by --seed ${seed}${tells ? ':' : ' (--tell says which).'}`,
      ...(tells ? slips.map(({ check, slip }) => `  ${check}: ${slip}`) : []),
    ],
    close: async () => {
      for (const one of back) await one();
      await close();
    },
  };
}

async function startWorld(options: ChainOptions) {
  const chain = await startChain({
    ...options,
    okta: { ownRedirectUris: true, ...options.okta },
    openIdConnect: { ...options.openIdConnect },
  });
  const cloud = await startCloud(chain);
  const { aws, kiro, names } = cloud;
  const close = async (): Promise<void> => {
    await Promise.all([cloud.close(), chain.close()]);
  };
  return { world: { chain, cloud, aws, kiro, names, ports: GUIDE_PORTS }, close };
}

/** The description with the typed values replacing the correct ones, for settings and files. */
function describedAs(
  chain: Chain,
  { oktaClient: okta, accessPortal: identityCenter, oidcClient: oidc, metadataXml }: SetupInputs,
): ChainDescription {
  const all = chain.describe();
  const { federated } = all.identityCenter;
  return {
    ...all,
    okta: {
      ...all.okta,
      ...(okta === undefined ? {} : { issuer: okta.issuer, clientId: okta.clientId }),
      saml: { ...all.okta.saml, ...(metadataXml === undefined ? {} : { metadataXml }) },
    },
    identityCenter: {
      ...all.identityCenter,
      federated: {
        ...federated,
        ...(identityCenter === undefined
          ? {}
          : { startUrl: identityCenter.startUrl, region: identityCenter.region }),
      },
    },
    ...(all.openIdConnect === undefined || oidc === undefined
      ? {}
      : { openIdConnect: { ...all.openIdConnect, issuer: oidc.issuer, clientId: oidc.clientId } }),
  };
}

/** The values to type, one per line, by the input names of `check-setup`; `metadataFile` has a file's text. */
export function typedLines(typed: SetupInputs, metadataFile: string): readonly string[] {
  const { oktaClient: okta, accessPortal: identityCenter, oidcClient: oidc, metadataXml, ...plain } = typed;
  const entries: readonly (readonly [string, unknown])[] = [
    ...Object.entries({ ...okta, ...identityCenter, ...oidc }).filter(
      ([name]) => !/^(?:type|name)$/.test(name),
    ),
    ...(metadataXml === undefined ? [] : [['metadataFile', metadataFile] as const]),
    ...Object.entries(plain),
  ];
  return entries.map(([name, value]) => `  ${name.padEnd(18)} ${[value].flat().join(' ')}`);
}
