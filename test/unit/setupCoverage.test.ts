import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../src/setup/checks/index.ts';
import { coverageFile, coverageTable } from '../tools/lib/coverage/coverageTable.ts';
import { guideSteps } from '../tools/lib/coverage/guideSteps.ts';
import { projectRoot } from '../tools/lib/paths.ts';

describe('the coverage of the setup guides', () => {
  test('is up to date with the checks; `npm run format` writes it', async () => {
    expect(readFileSync(join(projectRoot, coverageFile), 'utf8')).toBe(await coverageTable());
  });

  test('has each of the 108 steps once', () => {
    expect(guideSteps).toHaveLength(108);
    const names = guideSteps.map(({ guide, number }) => `${guide} ${number}`);
    expect(new Set(names).size).toBe(108);
  });

  test.each(['kiro', 'identityCenter'] as const)('of %s uses every check, and no other', (guide) => {
    const ids = checksOf[guide].map(({ id }) => id);
    const used = new Set(guideSteps.filter((one) => one.guide === guide).flatMap(({ checks }) => checks));
    expect(ids.filter((id) => !used.has(id))).toEqual([]);
    expect([...used].filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('counted names that are only shown as verified by a machine', () => {
    const byMachine = guideSteps.filter(({ proof }) => proof === 'machine' || proof === 'signIn');
    expect(
      byMachine.filter(({ step }) => /\b(?:name|label)\b/i.test(step) && !/username/i.test(step)),
    ).toEqual([]);
    expect(byMachine.length).toBeGreaterThanOrEqual(90);
  });

  test('claims a machine only if one is used, a sign-in only if needed, and explains what is not verified', () => {
    for (const { guide, number, proof, checks, note } of guideSteps) {
      const rows = checks.map((id) => checksOf[guide].find((check) => check.id === id));
      const where = `${guide} ${number}`;
      const automatic = rows.filter((check) => check?.run !== undefined);
      const withSignIn = automatic.filter((check) => check?.needs.includes('testSignIn') === true);
      if (proof === 'machine') expect(automatic.length > withSignIn.length, where).toBe(true);
      if (proof === 'signIn') expect(withSignIn.length > 0, where).toBe(true);
      if (proof === 'effect' || proof === 'partly' || proof === 'shown')
        expect([automatic.length > 0, note !== undefined], where).toEqual([true, true]);
      if (proof === 'manual')
        expect(
          rows.some((check) => check?.run === undefined),
          where,
        ).toBe(true);
      if (proof === 'no') expect([checks, note === undefined], where).toEqual([[], false]);
    }
  });
});
