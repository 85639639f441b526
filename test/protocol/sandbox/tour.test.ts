import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../src/setup/checks/index.ts';
import { english } from '../../../src/setup/translator.ts';
import { txtRecordLines } from '../../sandbox/tour.ts';

describe('txtRecordLines', () => {
  const row = checksOf.kiro.find(({ id }) => id === 'domain.txt');

  test('npm start says that the TXT record check, by its name in the results, stays not verified there', () => {
    const text = txtRecordLines().join(' ');
    expect(text).toContain(`The check “${row?.texts(english).title}” stays Not verified here`);
    expect(text).toMatch(/the DNS of this\s+computer/);
    expect(txtRecordLines('kiro')).toEqual(txtRecordLines());
  });

  test.each(['identityCenter', 'openIdConnect'] as const)(
    'says nothing about a TXT record for %s',
    (guide) => {
      expect(txtRecordLines(guide)).toEqual([]);
    },
  );
});
