import { afterAll, describe, expect, test } from 'vitest';
import { checksOf } from '../../../src/setup/checks/index.ts';
import type { CheckId } from '../../../src/setup/checks/index.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SetupGuideId } from '../../../src/setup/setupGuides.ts';
import { slipsOf } from './allSlips.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { Slip } from './slip.ts';
import { causesOf, changesOf, drawSlips, leftBy, outcomeOf, touchedBy } from './slipsAtOnce.ts';

const atOnce = 10;
const seeds = [1, 2, 3];

/** Rows of the table in docs/CHECK-SETUP.md. */
const table: string[] = ['setup          seed  first run             rounds  time of all runs'];
afterAll(() => {
  console.log(table.join('\n'));
});

describe.each(['kiro', 'identityCenter', 'openIdConnect'] as const)(
  'ten slips at once, %s: masked checks name what masks them, none passes, and all are found in the end',
  (guide) => {
    const touched = measured(guide);

    test.each(seeds)(
      'seed %i',
      async (seed) => {
        let left = drawSlips(guide, await touched(), atOnce, seed);
        expect(left.length).toBeGreaterThanOrEqual(atOnce - 1);
        const first = { found: 0, masked: 0 };
        let milliseconds = 0;
        let rounds = 0;
        while (left.length > 0) {
          const began = performance.now();
          const results = await runWith(guide, left);
          milliseconds += performance.now() - began;
          rounds++;
          expect(wrongIn(guide, left, results)).toEqual([]);
          const masked = left.filter((slip) => outcomeOf(slip, results) === 'masked');
          if (rounds === 1)
            Object.assign(first, { found: left.length - masked.length, masked: masked.length });
          // The user fixes what was found, and runs the checks again.
          expect(masked.length, 'a run finds something').toBeLessThan(left.length);
          left = masked;
        }
        table.push(
          [
            guide.padEnd(14),
            String(seed).padStart(4),
            `${first.found} found, ${first.masked} masked`.padEnd(20),
            String(rounds).padStart(7),
            `${(milliseconds / 1000).toFixed(1)} s`.padStart(10),
          ].join('  '),
        );
        // Seven or so consecutive runs of all checks take long on a busy machine.
      },
      60_000,
    );
  },
);

test('a first run at a provider showed only the first of eight mistakes, although the others did not depend on it', async () => {
  const names = [
    'The address of a page below the issuer was entered',
    'The provider is behind a proxy and doesn’t know its public address',
    'The metadata lists PKCE only with plain',
    'ID tokens are signed with a client secret',
    'The application must push its authorization requests',
    'The provider has no revocation endpoint, as at Microsoft Entra ID',
    'The connection doesn’t request openid',
    'Another program uses one callback port',
  ];
  const slips = slipsOf.openIdConnect.filter(({ slip }) => names.includes(slip));
  const results = await runWith('openIdConnect', slips);
  expect(slips.map((slip) => [slip.slip, outcomeOf(slip, results)])).toEqual(
    slips.map(({ slip }) => [slip, 'found']),
  );
  expect(slips).toHaveLength(names.length);
});

test.each(['A URL was entered as the client ID', 'The metadata doesn’t list a scope'])(
  'a run without the issuer showed nothing of what was typed: %s',
  async (name) => {
    const named = (slip: string): Slip[] => slipsOf.openIdConnect.filter((one) => one.slip === slip);
    const slips = [...named('The metadata names another issuer'), ...named(name)];
    const results = await runWith('openIdConnect', slips);
    expect(slips.map((slip) => outcomeOf(slip, results))).toEqual(['found', 'found']);
  },
);

test('a run with another issuer hid what Okta’s API shows without it', async () => {
  const names = [
    'The issuer belongs to another authorization server',
    'The authentication policy denies access',
    'One port isn’t registered',
  ];
  const slips = slipsOf.kiro.filter(({ slip }) => names.includes(slip));
  const results = await runWith('kiro', slips);
  expect(slips.map((slip) => outcomeOf(slip, results))).toEqual(names.map(() => 'found'));
});

test.each<[guide: SetupGuideId, ...slips: string[]]>([
  ['kiro', 'The issuer belongs to another authorization server', 'The domain isn’t verified in Kiro'],
  [
    'identityCenter',
    'The issuer URL belongs to another Identity Center in the Region',
    'Okta has the ACS URL of another Identity Center',
  ],
  ['identityCenter', 'The person was disabled in AWS', 'The NameID format is persistent'],
])('a first run hid a second mistake, which shows without the first: %s, %s, %s', async (guide, ...names) => {
  const slips = slipsOf[guide].filter(({ slip }) => names.includes(slip));
  const results = await runWith(guide, slips);
  expect(slips.map((slip) => outcomeOf(slip, results))).toEqual(['found', 'found']);
});

/** The changes made by each slip of a guide, measured once. */
function measured(guide: SetupGuideId): () => ReturnType<typeof touchedBy> {
  let seen: ReturnType<typeof touchedBy> | undefined;
  const see = async (): ReturnType<typeof touchedBy> => {
    const world = await openSetupWorld();
    try {
      return await touchedBy(guide, slipsOf[guide], world);
    } finally {
      await world.close();
    }
  };
  return () => (seen ??= see());
}

async function runWith(
  guide: SetupGuideId,
  slips: readonly Slip[],
): Promise<ReadonlyMap<CheckId, CheckResult>> {
  const world = await openSetupWorld(...leftBy(slips));
  const back: (() => unknown)[] = [];
  try {
    for (const { make } of slips) if (make !== undefined) back.unshift(await make(world));
    return await world.run(guide, changesOf(slips));
  } finally {
    for (const one of back) await one();
    await world.close();
  }
}

/** Wrong results: a slip that passes, a wrong cause, or a failure without a slip. */
function wrongIn(
  guide: SetupGuideId,
  slips: readonly Slip[],
  results: ReadonlyMap<CheckId, CheckResult>,
): readonly string[] {
  const made = new Set(slips.map(({ check }) => check));
  const checks = new Map(checksOf[guide].map((check) => [check.id, check]));
  /** If the check of a slip cannot run, a check that it would have hidden may report the slip instead. */
  const showsTheSame = (id: CheckId): boolean => {
    const { after = [], unlessFailed = [] } = checks.get(id) ?? {};
    return [...after, ...unlessFailed].some((one) => made.has(one));
  };
  return [
    ...slips.flatMap((slip) => {
      const { check, slip: what } = slip;
      const said = `${check} of “${what}”: ${results.get(check)?.reason ?? 'passed'}`;
      switch (outcomeOf(slip, results)) {
        case 'passed':
          return [said];
        case 'found':
          return [];
        case 'masked': {
          const others = causesOf(check, results).filter((id) => id !== check);
          return others.some((id) => made.has(id) || showsTheSame(id))
            ? []
            : [`${said}, not because of another`];
        }
      }
    }),
    ...[...results].flatMap(([id, { state, reason }]) =>
      state === 'fail' && !made.has(id) && !showsTheSame(id) ? [`${id} without a slip: ${reason ?? ''}`] : [],
    ),
  ];
}
